import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/**
 * Answers of a provider that knows nothing of any cloud: what is sent is fine, and what it would compute is unknown. It
 * shows what a program asks for, and nothing of what a provider would say to it; calls that are not here, and everything
 * that would change something, are refused.
 *
 * @param version what it says it is.
 */
export function planOnlyCalls(version: string): grpc.UntypedServiceImplementation {
  return { ...settingUp(version), ...planning, ...refusing };
}

function settingUp(version: string): grpc.UntypedServiceImplementation {
  const handshake: Unary<unknown, proto.ProviderHandshakeResponse> = (_, reply) =>
    reply(
      null,
      new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(true),
    );
  const parameterize: Unary<proto.ParameterizeRequest, proto.ParameterizeResponse> = ({ request }, reply) => {
    const value = request.getValue();
    if (value === undefined) return reply(refusal("a package by its arguments"));
    reply(null, new proto.ParameterizeResponse().setName(value.getName()).setVersion(value.getVersion()));
  };
  const checkConfig: Unary<proto.CheckRequest, proto.CheckResponse> = ({ request }, reply) =>
    reply(null, new proto.CheckResponse().setInputs(request.getNews()));
  const diffConfig: Unary<unknown, proto.DiffResponse> = (_, reply) =>
    reply(null, new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE));
  const configure: Unary<unknown, proto.ConfigureResponse> = (_, reply) =>
    reply(
      null,
      new proto.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(true)
        .setAcceptoutputs(true)
        .setSupportspreview(true),
    );
  const getPluginInfo: Unary<unknown, plugin.PluginInfo> = (_, reply) =>
    reply(null, new plugin.PluginInfo().setVersion(version));
  const nothing: Unary<unknown, empty.Empty> = (_, reply) => reply(null, new empty.Empty());
  return {
    handshake,
    parameterize,
    checkConfig,
    diffConfig,
    configure,
    getPluginInfo,
    attach: nothing,
    cancel: nothing,
  };
}

const check: Unary<proto.CheckRequest, proto.CheckResponse> = ({ request }, reply) =>
  reply(null, new proto.CheckResponse().setInputs(request.getNews()));

/** Whether a change is an update or a replacement only the real provider knows. */
const diff: Unary<proto.DiffRequest, proto.DiffResponse> = (_, reply) =>
  reply(null, new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_UNKNOWN));

/** No id, and none of the outputs: the engine takes them for unknown. */
const create: Unary<proto.CreateRequest, proto.CreateResponse> = ({ request }, reply) =>
  request.getPreview()
    ? reply(null, new proto.CreateResponse().setProperties(request.getProperties()))
    : reply(refusal("to create something"));

const update: Unary<proto.UpdateRequest, proto.UpdateResponse> = ({ request }, reply) =>
  request.getPreview()
    ? reply(null, new proto.UpdateResponse().setProperties(request.getNews()))
    : reply(refusal("to update something"));

const planning: grpc.UntypedServiceImplementation = { check, diff, create, update };

const refusing: grpc.UntypedServiceImplementation = {
  delete: (_: unknown, reply: grpc.sendUnaryData<never>) => reply(refusal("to delete something")),
  read: (_: unknown, reply: grpc.sendUnaryData<never>) => reply(refusal("to read something")),
  invoke: (_: unknown, reply: grpc.sendUnaryData<never>) => reply(refusal("a question")),
};

function refusal(got: string): Partial<grpc.StatusObject> {
  const details = `[engine/plan-only] provider: got ${got}; expected a preview; install the package's own provider: pulumi plugin install`;
  return { code: grpc.status.FAILED_PRECONDITION, details };
}
