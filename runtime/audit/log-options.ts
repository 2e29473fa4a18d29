import type { KeyObject } from "node:crypto";
import type { AuditDisk } from "./disk.ts";
import type { AuditNotice } from "./notice.ts";

export interface AuditLogOptions {
  readonly directory: string;
  /** Names the files; unique among the replicas that share the directory. Letters, digits, `.`, `_`, `-`. */
  readonly writer: string;
  readonly now: () => Date;
  readonly notify: (notice: AuditNotice) => void;
  /** Ed25519 private key that signs checkpoints; without it there are none. */
  readonly signingKey?: KeyObject;
  /** A segment is closed before it grows beyond this. @default 256 MiB */
  readonly rotateBytes?: number;
  /** A segment is closed when its first record is this old, so that retention finds whole segments. @default 1 day */
  readonly rotateMs?: number;
  /** Whether content that an entry carries is kept. @default false */
  readonly includeContent?: boolean;
  /** @default the local file system */
  readonly disk?: AuditDisk;
}
