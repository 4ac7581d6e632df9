// Adds the temperature in Fahrenheit. io: http. The body is data, or events: all the same to a pattern, and what has no celsius is passed on.
import com.sun.net.httpserver.HttpServer;

class StepHttp {
  public static void main(String[] args) throws Exception {
    var celsius = java.util.regex.Pattern.compile("\"celsius\": *(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)");
    var server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 0);
    server.createContext("/", (exchange) -> {
      var answer = celsius.matcher(new String(exchange.getRequestBody().readAllBytes(), "UTF-8")).replaceAll((found) ->
          found.group() + ",\"fahrenheit\":" + (Double.parseDouble(found.group(1)) * 9 / 5 + 32)).getBytes("UTF-8");
      exchange.getResponseHeaders().put("Content-Type", exchange.getRequestHeaders().get("Content-Type"));
      exchange.sendResponseHeaders(200, answer.length);
      try (var body = exchange.getResponseBody()) { body.write(answer); }
    });
    server.start();
  }
}
