import grpc from "@grpc/grpc-js";
import analyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { launchPlugin } from "../../tools/engine/language-host/launch.ts";
import { startPlugin } from "./child.ts";
import { ask } from "./grpc.ts";

/** A resource as the engine shows it to a policy pack. */
export interface Analyzed {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** How an engine shows a pack a text that only an update knows. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One finding. */
export interface Finding {
  readonly policy: string;
  readonly message: string;
  /** `advisory` findings do not stop a deployment: a rule that had to wait for an unknown value. */
  readonly level: "advisory" | "mandatory" | "other";
  readonly urn: string;
}

/** A policy pack served by Pulumi's real policy runner. */
export interface Analyzer {
  readonly analyze: (resource: Analyzed) => Promise<readonly Finding[]>;
  readonly analyzeStack: (resources: readonly Analyzed[]) => Promise<readonly Finding[]>;
  readonly close: () => Promise<void>;
}

/**
 * Loads the pack in `folder` as `pulumi preview --policy-pack` does.
 *
 * @param by Pulumi's own language host, or that of this checkout. @default Pulumi's
 */
export async function startAnalyzer(folder: string, by: "pulumi" | "checkout" = "pulumi"): Promise<Analyzer> {
  const typescript = by === "pulumi";
  const request = { kind: "analyzer", programDirectory: folder, pwd: folder, environment: [], typescript };
  const { args, cwd } = launchPlugin({ ...request, args: ["127.0.0.1:1"] });
  const plugin = await startPlugin(process.execPath, args, { cwd });
  const client = new analyzerService.AnalyzerClient(plugin.address, grpc.credentials.createInsecure());
  return {
    analyze: async ({ type, urn, name, props }) => {
      const request = new proto.AnalyzeRequest()
        .setType(type)
        .setUrn(urn)
        .setName(name)
        .setProperties(toStruct(props))
        .setOptions(new proto.AnalyzerResourceOptions());
      return findings(await ask<proto.AnalyzeRequest, proto.AnalyzeResponse>(client, client.analyze, request));
    },
    analyzeStack: async (resources) => {
      const request = new proto.AnalyzeStackRequest().setResourcesList(
        resources.map(({ type, urn, name, props }) =>
          new proto.AnalyzerResource()
            .setType(type)
            .setUrn(urn)
            .setName(name)
            .setProperties(toStruct(props))
            .setOptions(new proto.AnalyzerResourceOptions()),
        ),
      );
      return findings(
        await ask<proto.AnalyzeStackRequest, proto.AnalyzeResponse>(client, client.analyzeStack, request),
      );
    },
    close: async () => {
      client.close();
      await plugin.close();
    },
  };
}

function findings(response: proto.AnalyzeResponse): readonly Finding[] {
  const { ADVISORY, MANDATORY } = proto.EnforcementLevel;
  return response.getDiagnosticsList().map((diagnostic) => {
    const level = diagnostic.getEnforcementlevel();
    return {
      policy: diagnostic.getPolicyname(),
      message: diagnostic.getMessage(),
      level: level === MANDATORY ? "mandatory" : level === ADVISORY ? "advisory" : "other",
      urn: diagnostic.getUrn(),
    };
  });
}

function toStruct(props: Readonly<Record<string, unknown>>): struct.Struct {
  return struct.Struct.fromJavaScript(props as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
