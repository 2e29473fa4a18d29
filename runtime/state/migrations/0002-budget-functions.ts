import type { Migration } from "../migration.ts";

// Functions and not statements of the services, for one reason: a row lock is never held while a network or a process
// that may stop in between is waited for. budget_sync is one statement, one round trip, one transaction.

/** The clock of budgets, in a place of its own so that tests can step it. */
const NOW = `CREATE FUNCTION budget_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp()'`;

const MONTH_END = `CREATE FUNCTION budget_month_end(p_month text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT (to_timestamp(p_month || '-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')::timestamp + interval '1 month') AT TIME ZONE 'UTC'
$$`;

/** The month that money of a tenant is taken from now. It never goes back, whatever the clock does. */
const MONTH = `CREATE FUNCTION budget_month(p_tenant text, p_now timestamptz) RETURNS text
LANGUAGE sql AS $$
  SELECT greatest(to_char(p_now AT TIME ZONE 'UTC', 'YYYY-MM') COLLATE "C", max(month COLLATE "C"))
  FROM budget_periods WHERE tenant = p_tenant
$$`;

/**
 * Counts leases whose holder is gone as spent in full: nothing is given out again that was not proved unspent.
 * The caller holds the lock of the period.
 */
const WRITE_OFF = `CREATE FUNCTION budget_write_off(
  p_tenant text, p_kind text, p_id text, p_month text, p_before timestamptz, p_holder text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_sum bigint;
BEGIN
  WITH gone AS (
    UPDATE budget_leases SET state = 'written_off'
    WHERE tenant = p_tenant AND kind = p_kind AND id = p_id AND month = p_month AND state = 'open'
      AND expires < p_before AND holder <> p_holder
    RETURNING greatest(granted_micro_usd - spent_micro_usd, 0) AS rest)
  SELECT coalesce(sum(rest), 0)::bigint INTO v_sum FROM gone;
  IF v_sum > 0 THEN
    UPDATE budget_periods SET spent_micro_usd = spent_micro_usd + v_sum, leased_micro_usd = leased_micro_usd - v_sum,
      written_off_micro_usd = written_off_micro_usd + v_sum
    WHERE tenant = p_tenant AND kind = p_kind AND id = p_id AND month = p_month;
  END IF;
  RETURN v_sum;
END $$`;

/**
 * Everything that one process reports and asks for, at once.
 *
 * A request is refused (no row comes back) unless its number is greater than that of every earlier one of the same
 * holder: an answer that got lost is asked for again, and the late request of before must not undo what came after it.
 * All amounts of a lease are totals, so that a repeated request changes nothing.
 *
 * An item: serial of the lease; scope; limit (null: as it was); spent (total of the lease); keep (the total that the holder may have used
 * up by the time of the answer, which the grant cannot fall below); need (reserved, or waited for); cushion (what it would
 * like besides); final (nothing is reserved, nothing will be); fresh (the lease may not exist yet; together with final it only sets
 * the limit); refused (a request was
 * refused since); seen (percent up to which it raised alerts).
 *
 * The grant: spent + need + the smallest of cushion, a sixteenth of what would be left, a hundredth of the limit; at most
 * what is left; at least keep. So leases shrink as the budget empties, and all replicas share the last of it.
 */
const SYNC = `CREATE FUNCTION budget_sync(
  p_holder text, p_seq bigint, p_items jsonb, p_usage_seq bigint, p_usage jsonb, p_valid_ms bigint, p_grace_ms bigint)
RETURNS TABLE (o_serial bigint, o_state text, o_month text, o_granted bigint, o_free bigint, o_spent bigint,
  o_month_left_ms bigint, o_alert_from int, o_alert_to int)
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := budget_now();
  v_usage_seq bigint;
  i record;
  l budget_leases;
  p budget_periods;
  v_known boolean;
  v_is_open boolean;
  v_month text;
  v_off bigint;
  v_was_used_up boolean;
  v_held bigint;
  v_delta bigint;
  v_free bigint;
  v_want bigint;
  v_hold bigint;
  v_percent int;
BEGIN
  INSERT INTO budget_holders AS h (holder, seq, usage_seq, seen) VALUES (p_holder, p_seq, 0, v_now)
    ON CONFLICT (holder) DO UPDATE SET seq = p_seq, seen = v_now WHERE h.seq < p_seq
    RETURNING usage_seq INTO v_usage_seq;
  IF NOT FOUND THEN RETURN; END IF;

  FOR i IN SELECT * FROM jsonb_to_recordset(p_items) AS x(serial bigint, tenant text, kind text, id text,
      "limit" bigint, spent bigint, keep bigint, need bigint, cushion bigint, final boolean, fresh boolean,
      refused boolean, seen int) ORDER BY x.tenant, x.kind, x.id, x.serial
  LOOP
    SELECT * INTO l FROM budget_leases WHERE holder = p_holder AND serial = i.serial;
    v_known := FOUND;
    IF NOT v_known AND (NOT i.fresh OR i.final AND i."limit" IS NULL) THEN
      o_serial := i.serial; o_state := 'closed'; o_month := ''; o_granted := 0; o_free := 0; o_spent := 0;
      o_month_left_ms := 0; o_alert_from := 0; o_alert_to := 0;
      RETURN NEXT;
      CONTINUE;
    END IF;
    v_month := CASE WHEN v_known THEN l.month ELSE budget_month(i.tenant, v_now) END;

    SELECT spent_micro_usd >= limit_micro_usd INTO v_was_used_up FROM budget_periods
      WHERE tenant = i.tenant AND kind = i.kind AND id = i.id AND month = v_month FOR UPDATE;
    INSERT INTO budget_periods AS b (tenant, kind, id, month, limit_micro_usd)
      VALUES (i.tenant, i.kind, i.id, v_month, coalesce(i."limit", 0))
      ON CONFLICT (tenant, kind, id, month) DO UPDATE SET limit_micro_usd = coalesce(i."limit", b.limit_micro_usd)
      RETURNING * INTO p;
    v_off := budget_write_off(i.tenant, i.kind, i.id, v_month, v_now - p_grace_ms * interval '1 millisecond', p_holder);
    p.spent_micro_usd := p.spent_micro_usd + v_off;
    p.leased_micro_usd := p.leased_micro_usd - v_off;
    p.written_off_micro_usd := p.written_off_micro_usd + v_off;

    IF v_known THEN
      -- Again, because others write off under the lock that is held only now.
      SELECT * INTO l FROM budget_leases WHERE holder = p_holder AND serial = i.serial FOR UPDATE;
    ELSE
      l := ROW(p_holder, i.serial, i.tenant, i.kind, i.id, v_month, 'open', 0, 0, 0, 0, v_now)::budget_leases;
    END IF;

    v_free := 0;
    v_is_open := l.state = 'open';
    IF v_is_open THEN
      v_held := greatest(l.granted_micro_usd - l.spent_micro_usd, 0);
      v_delta := i.spent - l.spent_micro_usd;
      p.spent_micro_usd := p.spent_micro_usd + v_delta;
      v_free := p.limit_micro_usd - p.spent_micro_usd - (p.leased_micro_usd - v_held);
      IF i.final THEN
        v_hold := 0;
        l.state := 'closed';
      ELSE
        v_want := i.need + least(i.cushion, greatest(v_free - i.need, 0) / 16, p.limit_micro_usd / 100);
        v_hold := greatest(least(v_want, v_free), least(i.keep, l.granted_micro_usd) - i.spent, 0);
      END IF;
      p.leased_micro_usd := p.leased_micro_usd - v_held + v_hold;
      l.spent_micro_usd := i.spent;
      l.granted_micro_usd := i.spent + v_hold;
      l.expires := v_now + p_valid_ms * interval '1 millisecond';
    ELSIF l.state = 'written_off' AND i.final THEN
      -- The holder was not gone but cut off: what it really spent replaces what was assumed, once.
      v_delta := i.spent - greatest(l.granted_micro_usd, l.spent_micro_usd);
      p.spent_micro_usd := p.spent_micro_usd + v_delta;
      p.written_off_micro_usd := greatest(0,
        p.written_off_micro_usd - greatest(l.granted_micro_usd - l.spent_micro_usd, 0));
      l.spent_micro_usd := i.spent;
      l.granted_micro_usd := i.spent;
      l.state := 'corrected';
    END IF;

    IF i.seen >= l.alert_to AND (v_known OR NOT i.final) THEN
      v_percent := CASE WHEN p.limit_micro_usd <= 0 THEN 100
        ELSE least(100, p.spent_micro_usd * 100 / p.limit_micro_usd) END;
      -- Less than a twentieth is left, and it was not enough for somebody: to its owner, that is all of it.
      IF i.refused AND v_is_open AND v_free < p.limit_micro_usd / 20 THEN v_percent := 100; END IF;
      l.alert_from := p.alerted_percent;
      l.alert_to := greatest(v_percent, p.alerted_percent);
      p.alerted_percent := l.alert_to;
    END IF;

    IF v_known OR NOT i.final THEN
      INSERT INTO budget_leases SELECT l.*
        ON CONFLICT (holder, serial) DO UPDATE SET state = excluded.state, granted_micro_usd = excluded.granted_micro_usd,
          spent_micro_usd = excluded.spent_micro_usd, expires = excluded.expires, alert_from = excluded.alert_from,
          alert_to = excluded.alert_to;
    END IF;
    UPDATE budget_periods SET spent_micro_usd = p.spent_micro_usd, leased_micro_usd = p.leased_micro_usd,
        written_off_micro_usd = p.written_off_micro_usd, alerted_percent = p.alerted_percent
      WHERE tenant = i.tenant AND kind = i.kind AND id = i.id AND month = v_month;
    IF i.kind = 'tenant' AND coalesce(v_was_used_up, false) <> (p.spent_micro_usd >= p.limit_micro_usd) THEN
      PERFORM pg_notify('budget', i.tenant);
    END IF;

    o_serial := i.serial; o_state := l.state; o_month := v_month; o_granted := l.granted_micro_usd; o_free := v_free;
    o_spent := p.spent_micro_usd;
    o_month_left_ms := floor(extract(epoch FROM budget_month_end(v_month) - v_now) * 1000);
    o_alert_from := l.alert_from; o_alert_to := l.alert_to;
    RETURN NEXT;
  END LOOP;

  IF p_usage_seq > v_usage_seq THEN
    INSERT INTO usage_monthly AS u (tenant, month, agent, provider, model, requests, cached_requests, tokens_in,
        tokens_out, cost_micro_usd)
      SELECT x.tenant, coalesce(x.month, to_char(v_now AT TIME ZONE 'UTC', 'YYYY-MM')) AS month, x.agent, x.provider,
          x.model, sum(x.requests)::bigint, sum(x.cached)::bigint, sum(x.tokens_in)::bigint, sum(x.tokens_out)::bigint,
          sum(x.cost)::bigint
        FROM jsonb_to_recordset(p_usage) AS x(tenant text, month text, agent text, provider text, model text,
          requests bigint, cached bigint, tokens_in bigint, tokens_out bigint, cost bigint)
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
      ON CONFLICT (tenant, month, agent, provider, model) DO UPDATE SET requests = u.requests + excluded.requests,
        cached_requests = u.cached_requests + excluded.cached_requests, tokens_in = u.tokens_in + excluded.tokens_in,
        tokens_out = u.tokens_out + excluded.tokens_out, cost_micro_usd = u.cost_micro_usd + excluded.cost_micro_usd;
    UPDATE budget_holders SET usage_seq = p_usage_seq WHERE holder = p_holder;
  END IF;
END $$`;

/**
 * Writes off what expired anywhere, also in months and scopes that nobody asks for any more, and forgets what is over
 * for long. @returns what was written off, by scope.
 */
const SWEEP = `CREATE FUNCTION budget_sweep(p_holder text, p_grace_ms bigint, p_forget_ms bigint)
RETURNS TABLE (o_tenant text, o_kind text, o_id text, o_month text, o_written_off bigint)
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := budget_now();
  v_before timestamptz := v_now - p_grace_ms * interval '1 millisecond';
  v_forget timestamptz := v_now - p_forget_ms * interval '1 millisecond';
  s record;
  p budget_periods;
BEGIN
  FOR s IN SELECT DISTINCT tenant, kind, id, month FROM budget_leases
    WHERE state = 'open' AND expires < v_before AND holder <> p_holder ORDER BY tenant, kind, id, month
  LOOP
    SELECT * INTO p FROM budget_periods
      WHERE tenant = s.tenant AND kind = s.kind AND id = s.id AND month = s.month FOR UPDATE;
    o_tenant := s.tenant; o_kind := s.kind; o_id := s.id; o_month := s.month;
    o_written_off := budget_write_off(s.tenant, s.kind, s.id, s.month, v_before, p_holder);
    IF o_written_off > 0 THEN
      IF s.kind = 'tenant' AND p.spent_micro_usd < p.limit_micro_usd
          AND p.spent_micro_usd + o_written_off >= p.limit_micro_usd THEN
        PERFORM pg_notify('budget', s.tenant);
      END IF;
      RETURN NEXT;
    END IF;
  END LOOP;
  -- A holder that asks for a lease again that it has closed is told that it is closed, whether the row is there or not.
  DELETE FROM budget_leases WHERE state IN ('closed', 'corrected') AND expires < v_now - interval '1 hour';
  DELETE FROM budget_leases l USING budget_holders h
    WHERE h.holder = l.holder AND h.seen < v_forget AND l.state <> 'open';
  DELETE FROM budget_holders h WHERE h.seen < v_forget
    AND NOT EXISTS (SELECT FROM budget_leases l WHERE l.holder = h.holder);
END $$`;

/** What budgets do, in the database. */
export const m0002: Migration = {
  id: 2,
  name: "budget functions",
  statements: [NOW, MONTH_END, MONTH, WRITE_OFF, SYNC, SWEEP],
};
