import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { slow } from "../resource-options.ts";
import { type PlainContext, tagged } from "./context.ts";
import type { Dns } from "./dns.ts";

/** A certificate for the host, usable once ACM has found its proof in the host's public zone; renewed by ACM. */
export function provenCertificate(
  name: string,
  context: PlainContext,
  { host, dns }: { readonly host: string; readonly dns: Dns },
  opts: CustomResourceOptions,
): CertificateValidation {
  const certificate = new Certificate(
    name,
    {
      domainName: host,
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      tags: tagged(context, host),
    },
    opts,
  );
  const proof = certificate.domainValidationOptions.apply(([option]) => option);
  const record = new DnsRecord(
    `${name}-proof`,
    {
      zoneId: dns.zone.zoneId,
      name: proof.apply((option) => option?.resourceRecordName ?? ""),
      type: proof.apply((option) => option?.resourceRecordType ?? "CNAME"),
      records: [proof.apply((option) => option?.resourceRecordValue ?? "")],
      ttl: 300,
      allowOverwrite: true,
    },
    opts,
  );
  return new CertificateValidation(
    name,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    slow(opts),
  );
}
