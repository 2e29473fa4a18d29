export { belowReplicas } from "./effective.ts";
export {
  type Allowance,
  type Caller,
  type ConcurrencyRefusal,
  Limiter,
  type LimiterOptions,
  type LimitLevel,
  type RateRefusal,
} from "./limiter.ts";
