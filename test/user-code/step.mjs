// Adds the temperature in Fahrenheit. io: http, each event's data as the body; a chunk comes as one batch of events.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const convert = (data) => ({ ...data, fahrenheit: (data.celsius * 9) / 5 + 32 });
const server = createServer(async (request, response) => {
  const type = request.headers["content-type"];
  const body = await json(request);
  const events = type.startsWith("application/cloudevents-batch+json") ? body : [{ data: body }];
  if (events.some((event) => typeof event.data.celsius !== "number")) return response.writeHead(422).end("no celsius");
  const results = events.map((event) => ({ ...event, data: convert(event.data) }));
  const answer = events === body ? results : results[0].data;
  response.writeHead(200, { "content-type": type }).end(JSON.stringify(answer));
});
server.listen(process.env.PORT ?? process.env.FLOW_SOCKET);
