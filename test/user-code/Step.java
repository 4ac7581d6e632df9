// Adds the temperature in Fahrenheit. io: stdio. Frames and events can be told apart by how their lines begin.
class Step {
  public static void main(String[] args) throws Exception {
    var celsius = java.util.regex.Pattern.compile("\"celsius\": *(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)");
    var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in, "UTF-8"));
    var answers = new java.io.PrintStream(System.out, true, "UTF-8");
    for (String line, bad = ""; (line = lines.readLine()) != null;) {
      var found = celsius.matcher(line);
      if (found.find()) answers.println(found.replaceFirst("$0,\"fahrenheit\":" + (Double.parseDouble(found.group(1)) * 9 / 5 + 32)));
      else if (!line.startsWith("{\"type\":\"Chunk")) bad = "no celsius";
      if (line.startsWith("{\"type\":\"Data\"") || line.startsWith("{\"type\":\"ChunkStart\"")) continue;
      answers.println(bad.isEmpty() ? "{\"type\":\"Ack\"}" : "{\"type\":\"Reject\",\"reason\":\"" + bad + "\"}");
      bad = "";
    }
  }
}
