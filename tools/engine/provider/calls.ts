import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, SecretFilesResource } from "./secret-files.ts";
import { SECRET_FILES } from "./secret-inputs.ts";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** The resource as Pulumi's ResourceProvider service; calls that are not here answer "unimplemented". */
export function providerCalls(resource: SecretFilesResource, version: string): grpc.UntypedServiceImplementation {
  return { ...settingUp(version), ...planning(resource), ...changing(resource) };
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

function planning(resource: SecretFilesResource): grpc.UntypedServiceImplementation {
  const check = answering((request: proto.CheckRequest) => {
    const { inputs, failures } = resource.check(toProperties(request.getNews()));
    return new proto.CheckResponse()
      .setInputs(toStruct(inputs))
      .setFailuresList(
        failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason)),
      );
  });
  const diff = answering((request: proto.DiffRequest) => {
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

function changing(resource: SecretFilesResource): grpc.UntypedServiceImplementation {
  const create = answering(async (request: proto.CreateRequest) => {
    const inputs = toProperties(request.getProperties());
    if (request.getPreview()) return new proto.CreateResponse().setProperties(toStruct(inputs));
    const { id, state } = await resource.create(inputs);
    return new proto.CreateResponse().setId(id).setProperties(toStruct(state));
  });
  const update = answering(async (request: proto.UpdateRequest) => {
    const inputs = toProperties(request.getNews());
    const state = request.getPreview() ? inputs : await resource.update(inputs);
    return new proto.UpdateResponse().setProperties(toStruct(state));
  });
  const read = answering(async (request: proto.ReadRequest) => {
    const state = await resource.read(toProperties(request.getProperties()));
    if (state === undefined) return new proto.ReadResponse();
    return new proto.ReadResponse()
      .setId(request.getId())
      .setProperties(toStruct(state))
      .setInputs(request.getInputs());
  });
  const remove = answering(async (request: proto.DeleteRequest) => {
    await resource.delete(toProperties(request.getProperties()));
    return new empty.Empty();
  });
  return { create, update, read, delete: remove };
}

interface Typed {
  getType(): string;
}

/** Turns a function into a call: other types are refused, and an error becomes a status with its message and no more. */
function answering<Request extends Typed, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): Unary<Request, Response> {
  return async (call, reply) => {
    try {
      const type = call.request.getType();
      if (type !== "" && type !== SECRET_FILES) throw new Error(`this provider has ${SECRET_FILES} only, not ${type}`);
      reply(null, await answer(call.request));
    } catch (error) {
      reply({ code: grpc.status.FAILED_PRECONDITION, details: error instanceof Error ? error.message : "failed" });
    }
  };
}

function toProperties(wire: struct.Struct | undefined): Properties {
  return wire?.toJavaScript() ?? {};
}

function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(properties as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
