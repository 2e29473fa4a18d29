import { ACCESSOR, TENANT_KEYS } from "./policies.ts";
import { KEY_ROTATION_DAYS, KUBERNETES_LOGIN, type SetupRequest } from "./setup.ts";

/** Where a script finds what it needs. */
export interface StartLayout {
  readonly program: string;
  /** Folder of `server.hcl`. */
  readonly configFolder: string;
  /** Folder of `initialize.hcl`; undefined where people open the vault. */
  readonly initializeFolder: string | undefined;
  readonly dataFolder: string;
  readonly tlsFolder: string;
  /** Addresses of the servers after the first. */
  readonly others: readonly string[];
}

/** Rounds of five seconds that a restarted first server gives the others to answer. */
const ROUNDS = 24;

/**
 * `start-vault`. Only the first server may initialise, and only when each of the others says that it belongs to no vault:
 * a first server that lost its volume would otherwise begin a second vault beside the one that runs.
 */
export function startScript(layout: StartLayout): string {
  const server = `exec ${layout.program} server -config=${layout.configFolder}/server.hcl`;
  if (layout.initializeFolder === undefined) return script(["umask 077", server]);
  return script([
    "umask 077",
    `[ "\${POD_NAME##*-}" = 0 ] || ${server}`,
    "round=0",
    "while :; do",
    '  silent=""',
    `  for other in ${layout.others.join(" ")}; do`,
    "    status=0",
    `    BAO_ADDR="$other" BAO_CACERT=${layout.tlsFolder}/ca.crt BAO_CLIENT_TIMEOUT=5s BAO_MAX_RETRIES=0 \\`,
    `      ${layout.program} operator init -status >/dev/null 2>&1 || status=$?`,
    '    case "$status" in',
    `      0) ${server} ;;`,
    "      2) ;;",
    '      *) silent="$silent $other" ;;',
    "    esac",
    "  done",
    `  [ -n "$silent" ] || ${server} -config=${layout.initializeFolder}/initialize.hcl`,
    `  if [ -e ${layout.dataFolder}/vault.db ] && [ "$round" -ge ${ROUNDS} ]; then ${server}; fi`,
    '  echo "waiting for the answer of$silent: a new vault begins only where there is none" >&2',
    "  round=$((round + 1))",
    "  sleep 5",
    "done",
  ]);
}

/**
 * `make-keys`: one key for each name that it is given, which is there already after the first time. It waits for a vault
 * that is not open yet. Its address and authority come from BAO_ADDR and BAO_CACERT.
 */
export function makeKeysScript(layout: { readonly program: string; readonly loginFolder: string }): string {
  const { program, loginFolder } = layout;
  return script([
    `until BAO_TOKEN="$(${program} write -field=token auth/kubernetes/login role=keeper jwt=@${loginFolder}/token)"; do`,
    "  sleep 5",
    "done",
    "export BAO_TOKEN",
    'for name in "$@"; do',
    `  ${program} write "${TENANT_KEYS}/keys/$name" type=aes256-gcm96 auto_rotate_period=${KEY_ROTATION_DAYS * 24}h >/dev/null`,
    '  echo "key of $name is there"',
    "done",
  ]);
}

/**
 * `setup-vault`, where people open the vault and OpenBao may not initialise itself: the same requests, by the root token
 * of `bao operator init` from standard input, which it revokes at the end. Can be repeated until it ends well.
 */
export function setupScript(program: string, requests: readonly SetupRequest[]): string {
  return script([
    "read -r BAO_TOKEN",
    "export BAO_TOKEN",
    ...requests.flatMap((request) => setupLines(program, request)),
    `${program} token revoke -self >/dev/null`,
    'echo "set up; the root token is revoked"',
  ]);
}

function setupLines(program: string, { path, data, onceBy }: SetupRequest): readonly string[] {
  const once = onceBy === undefined ? "" : `${program} read ${onceBy} >/dev/null 2>&1 || `;
  return [
    `${once}${program} write ${path} - >/dev/null <<JSON`,
    heredoc(JSON.stringify(data)),
    "JSON",
    ...(path === KUBERNETES_LOGIN ? [`accessor="$(${program} read -field=accessor ${KUBERNETES_LOGIN})"`] : []),
  ];
}

/** Text as a here-document with variables has it. */
function heredoc(text: string): string {
  return text.replaceAll(/[\\$`]/g, "\\$&").replaceAll(ACCESSOR, "$accessor");
}

function script(lines: readonly string[]): string {
  return `${["#!/bin/sh", "set -eu", ...lines].join("\n")}\n`;
}
