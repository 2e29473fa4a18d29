import { RECEIVER_LABEL, receiverOf } from "./rules/rule.ts";

/** The mail server that alerts leave by. */
export interface Smtp {
  readonly host: string;
  /** 465 speaks TLS at once, any other port by STARTTLS; neither goes on without. */
  readonly port: number;
  readonly from: string;
  readonly username?: string;
  /** File below the environment's secrets folder; left out: the server asks for no password. */
  readonly passwordFile?: string;
}

/** Secret of the mail server's password, and its key. Alertmanager mounts it below {@link SECRETS_FOLDER}. */
export const SMTP_SECRET = { name: "smtp", key: "password" } as const;

const SECRETS_FOLDER = "/etc/alertmanager/secrets";

/** Receiver of what has no address: it is on the pages of Prometheus and Grafana, and nobody is told. */
const NOBODY = "nobody";

/**
 * Alertmanager's configuration: one receiver for each different list of addresses, chosen by the label that the rules
 * carry. Holds no secret: the password is named by its file.
 */
export function alertmanagerConfig(recipients: readonly (readonly string[])[], smtp: Smtp | undefined): object {
  const receivers = [...new Set(recipients.flatMap((addresses) => receiverOf(addresses) ?? []))].sort();
  return {
    global: { resolve_timeout: "5m", ...(smtp === undefined ? {} : mailServer(smtp)) },
    inhibit_rules: [],
    route: {
      receiver: NOBODY,
      group_by: ["alertname", "namespace", "service"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: receivers.map((name) => ({ receiver: name, matchers: [`${RECEIVER_LABEL} = ${JSON.stringify(name)}`] })),
    },
    receivers: [
      { name: NOBODY },
      ...receivers.map((name) => ({ name, email_configs: [{ to: name, send_resolved: true }] })),
    ],
    templates: [],
  };
}

function mailServer({ host, port, from, username, passwordFile }: Smtp): object {
  return {
    smtp_smarthost: `${host}:${port}`,
    smtp_from: from,
    smtp_require_tls: true,
    ...(username === undefined ? {} : { smtp_auth_username: username }),
    ...(passwordFile === undefined
      ? {}
      : { smtp_auth_password_file: `${SECRETS_FOLDER}/${SMTP_SECRET.name}/${SMTP_SECRET.key}` }),
  };
}
