/** How an answer is typed. */
export type AnswerKind = "text" | "number" | "yes-no" | "list";

/** One question of the interview. Choices and limits are the schema's; what is suggested is taken by Enter. */
export interface Question {
  readonly section: "place" | "scale" | "security" | "functions" | "operations";
  readonly key: string;
  readonly asks: string;
  readonly kind: AnswerKind;
  readonly suggested: string;
}

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  { section: "place", key: "name", asks: "What is the environment called?", kind: "text", suggested: "my-company" },
  { section: "place", key: "domain", asks: "The company's domain?", kind: "text", suggested: "acme.example" },
  { section: "place", key: "country", asks: "In which country does it stand?", kind: "text", suggested: "kr" },
  { section: "place", key: "infrastructure", asks: "On what does it run?", kind: "text", suggested: "dgx" },
  { section: "place", key: "cloud", asks: "Is there a cloud that it has to be?", kind: "text", suggested: "any" },
  { section: "place", key: "state_owned", asks: "Is the company state-owned?", kind: "yes-no", suggested: "no" },
  { section: "scale", key: "people", asks: "How many people use it?", kind: "number", suggested: "50" },
  { section: "scale", key: "agents", asks: "How many agents?", kind: "number", suggested: "10" },
  { section: "scale", key: "monthly_model_usd", asks: "Models in a month, in USD?", kind: "number", suggested: "1000" },
  {
    section: "scale",
    key: "tenant_isolation",
    asks: "Must departments be isolated?",
    kind: "yes-no",
    suggested: "yes",
  },
  {
    section: "scale",
    key: "departments",
    asks: "Which departments?",
    kind: "list",
    suggested: "marketing, engineering, customer-service",
  },
  {
    section: "security",
    key: "data_may_leave",
    asks: "May data leave the company network?",
    kind: "yes-no",
    suggested: "no",
  },
  { section: "security", key: "models", asks: "Whose models?", kind: "text", suggested: "own" },
  { section: "security", key: "standards", asks: "Which standards?", kind: "list", suggested: "" },
  { section: "security", key: "full_audit", asks: "Is a full audit needed?", kind: "yes-no", suggested: "yes" },
  { section: "functions", key: "browser_automation", asks: "Browser automation?", kind: "yes-no", suggested: "no" },
  { section: "functions", key: "voice", asks: "Voice?", kind: "yes-no", suggested: "no" },
  {
    section: "functions",
    key: "agents_work_together",
    asks: "Several agents working together?",
    kind: "yes-no",
    suggested: "no",
  },
  { section: "functions", key: "sso", asks: "Single sign-on?", kind: "yes-no", suggested: "no" },
  { section: "functions", key: "wechat_work", asks: "WeChat Work as a channel?", kind: "yes-no", suggested: "no" },
  {
    section: "functions",
    key: "internal_systems",
    asks: "Host names of internal systems to connect?",
    kind: "list",
    suggested: "",
  },
  { section: "operations", key: "uptime_percent", asks: "Uptime in percent?", kind: "number", suggested: "99" },
  { section: "operations", key: "support", asks: "Support?", kind: "text", suggested: "8x5" },
  {
    section: "operations",
    key: "rto_minutes",
    asks: "Longest time to recover (RTO), in minutes?",
    kind: "number",
    suggested: "1440",
  },
  {
    section: "operations",
    key: "rpo_minutes",
    asks: "Most data to lose (RPO), in minutes?",
    kind: "number",
    suggested: "1440",
  },
];
