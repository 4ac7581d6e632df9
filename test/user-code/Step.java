// Adds the temperature in Fahrenheit. io: stdio. Frames and events can be told apart by how their lines begin.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

class Step {
  public static void main(String[] args) throws IOException {
    var celsius = Pattern.compile("\"celsius\": *(-?[0-9.]+)");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(celsius.matcher(line).replaceFirst((found) ->
          found.group() + ",\"fahrenheit\":" + (Double.parseDouble(found.group(1)) * 9 / 5 + 32)));
      if (line.startsWith("{\"specversion\"")) answers.println("{\"type\":\"Ack\"}");
    }
  }
}
