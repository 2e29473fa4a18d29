import grpc from "@grpc/grpc-js";

/** Anything that names a gRPC service in Pulumi's generated code. */
export type Service = grpc.ServiceDefinition;

/** Serves on a free loopback port until `close`. */
export function serve(
  ...services: readonly (readonly [unknown, grpc.UntypedServiceImplementation])[]
): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = new grpc.Server();
  for (const [service, implementation] of services) server.addService(service as Service, implementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ address: `127.0.0.1:${port}`, close: () => server.forceShutdown() });
    });
  });
}

type Caller<Request, Response> = (
  request: Request,
  answer: (error: grpc.ServiceError | null, response: Response) => void,
) => unknown;

/** One unary call as a promise. */
export function ask<Request, Response>(
  client: object,
  method: Caller<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(client, request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}
