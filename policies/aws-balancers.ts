/** Load balancers of AWS: its SDK has the same resource under two names. */
export const AWS_BALANCERS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"] as const;

/** Their listeners. */
export const AWS_LISTENERS = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as const;
