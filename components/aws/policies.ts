import type { PlainContext } from "./context.ts";

/** One statement of an IAM document. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM document, as AWS reads it. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** A document of these statements. */
export function document(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements } satisfies PolicyDocument);
}

/** Everybody in an account whom its IAM policies let. */
export function accountRoot({ partition }: PlainContext, account: string): string {
  return `arn:${partition.arn}:iam::${account}:root`;
}

/** ARN of a policy that AWS keeps. */
export function managedPolicy({ partition }: PlainContext, name: string): string {
  return `arn:${partition.arn}:iam::aws:policy/${name}`;
}

/** Lets a service of AWS act as a role. */
export function trustedService(service: string): string {
  return document({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
}

/** A bucket's refusals that hold for everybody: nothing without TLS, nothing by TLS older than 1.2. */
export function onlyTls(bucketArn: string): readonly Statement[] {
  const both = [bucketArn, `${bucketArn}/*`];
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: both } as const;
  return [
    { Sid: "OnlyTls", ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "OnlyRecentTls", ...deny, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
