import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, ResourceKind } from "./resource-kind.ts";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** Type token -> the resources of that type. */
export type ResourceKinds = ReadonlyMap<string, ResourceKind>;

/** Resources as Pulumi's ResourceProvider service; calls that are not here answer "unimplemented". */
export function providerCalls(kinds: ResourceKinds, version: string): grpc.UntypedServiceImplementation {
  return { ...settingUp(version), ...planning(kinds), ...changing(kinds) };
}

function settingUp(version: string): grpc.UntypedServiceImplementation {
  const handshake: Unary<unknown, proto.ProviderHandshakeResponse> = (_, reply) =>
    reply(null, new proto.ProviderHandshakeResponse());
  const checkConfig: Unary<proto.CheckRequest, proto.CheckResponse> = (call, reply) =>
    reply(null, new proto.CheckResponse().setInputs(call.request.getNews()));
  const diffConfig: Unary<unknown, proto.DiffResponse> = (_, reply) =>
    reply(null, new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE));
  const configure: Unary<unknown, proto.ConfigureResponse> = (_, reply) =>
    reply(null, new proto.ConfigureResponse().setSupportspreview(true));
  const getPluginInfo: Unary<unknown, plugin.PluginInfo> = (_, reply) =>
    reply(null, new plugin.PluginInfo().setVersion(version));
  const attach: Unary<unknown, empty.Empty> = (_, reply) => reply(null, new empty.Empty());
  return { handshake, checkConfig, diffConfig, configure, getPluginInfo, attach, cancel: attach };
}

function planning(kinds: ResourceKinds): grpc.UntypedServiceImplementation {
  const check = answering(kinds, (resource, request: proto.CheckRequest) => {
    const { inputs, failures } = resource.check(toProperties(request.getNews()));
    return new proto.CheckResponse()
      .setInputs(toStruct(inputs))
      .setFailuresList(
        failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason)),
      );
  });
  const diff = answering(kinds, (resource, request: proto.DiffRequest) => {
    const { changed, replaces } = resource.diff(toProperties(request.getOlds()), toProperties(request.getNews()));
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    return new proto.DiffResponse()
      .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
      .setDiffsList([...changed])
      .setReplacesList([...replaces])
      .setDeletebeforereplace(replaces.length > 0);
  });
  return { check, diff };
}

function changing(kinds: ResourceKinds): grpc.UntypedServiceImplementation {
  const create = answering(kinds, async (resource, request: proto.CreateRequest) => {
    const inputs = toProperties(request.getProperties());
    if (request.getPreview()) return new proto.CreateResponse().setProperties(toStruct(resource.preview(inputs)));
    const { id, state } = await resource.create(inputs);
    return new proto.CreateResponse().setId(id).setProperties(toStruct(state));
  });
  const update = answering(kinds, async (resource, request: proto.UpdateRequest) => {
    const inputs = toProperties(request.getNews());
    const state = request.getPreview()
      ? resource.preview(inputs)
      : await resource.update(toProperties(request.getOlds()), inputs);
    return new proto.UpdateResponse().setProperties(toStruct(state));
  });
  const read = answering(kinds, async (resource, request: proto.ReadRequest) => {
    const state = await resource.read(toProperties(request.getProperties()));
    if (state === undefined) return new proto.ReadResponse();
    return new proto.ReadResponse()
      .setId(request.getId())
      .setProperties(toStruct(state))
      .setInputs(request.getInputs());
  });
  const remove = answering(kinds, async (resource, request: proto.DeleteRequest) => {
    await resource.delete(toProperties(request.getProperties()));
    return new empty.Empty();
  });
  return { create, update, read, delete: remove };
}

interface Typed {
  /** Empty where an older engine asks. */
  getType(): string;
  getUrn(): string;
}

/** Turns a function into a call: other types are refused, and an error becomes a status with its message and no more. */
function answering<Request extends Typed, Response>(
  kinds: ResourceKinds,
  answer: (resource: ResourceKind, request: Request) => Response | Promise<Response>,
): Unary<Request, Response> {
  return async (call, reply) => {
    try {
      reply(null, await answer(kindOf(kinds, call.request), call.request));
    } catch (error) {
      reply({ code: grpc.status.FAILED_PRECONDITION, details: error instanceof Error ? error.message : "failed" });
    }
  };
}

function kindOf(kinds: ResourceKinds, request: Typed): ResourceKind {
  const type = request.getType() || (request.getUrn().split("::")[2]?.split("$").at(-1) ?? "");
  const kind = kinds.get(type);
  if (kind === undefined) throw new Error(`this provider has ${[...kinds.keys()].join(", ")} only, not ${type}`);
  return kind;
}

function toProperties(wire: struct.Struct | undefined): Properties {
  return wire?.toJavaScript() ?? {};
}

function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(properties as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
