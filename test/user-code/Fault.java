// Gives back what it is given until it comes to an event or chunk whose id ends in `fault`; then it does what its argument says. io: stdio, file.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.Arrays;
import java.util.regex.Pattern;

class Fault {
  static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");
  static String mode;

  public static void main(String[] args) throws Exception {
    mode = args[0];
    if (System.getenv("FLOW_IO").equals("file")) serveFiles();
    else serveLines();
  }

  static String idOf(String line) {
    var found = ID.matcher(line);
    return found.find() ? found.group(1) : "";
  }

  static String faultOf(String line) {
    return idOf(line).endsWith("fault") ? mode : "";
  }

  static void crash() {
    throw new IllegalStateException("it is all too much");
  }

  static void serveLines() throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    var fault = "";
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var isEvent = line.startsWith("{\"specversion\"");
      var isData = line.startsWith("{\"type\":\"Data\"");
      if (!isData) fault = faultOf(line);
      if (fault.equals("never-reads")) Thread.sleep(600_000);
      if (isEvent || isData) {
        if (fault.equals("garbage")) answers.println("Segmentation fault? {");
        answers.println(line);
        if (fault.equals("crashes")) crash();
      }
      if (!isEvent && !line.startsWith("{\"type\":\"ChunkEnd\"")) continue;
      if (fault.equals("hangs")) Thread.sleep(600_000);
      while (fault.equals("floods")) answers.println("{\"data\":\"" + "x".repeat(1 << 20) + "\"}");
      var end = "{\"type\":\"Ack\",\"id\":\"" + idOf(line) + "\"}";
      answers.println(fault.equals("twice") ? end + "\n" + end : end);
    }
  }

  static void serveFiles() throws Exception {
    Path in = Path.of(System.getenv("FLOW_IN")), out = Path.of(System.getenv("FLOW_OUT"));
    for (;; Thread.sleep(10)) {
      var names = in.toFile().list((folder, each) -> !each.startsWith("."));
      Arrays.sort(names);
      for (var name : names) {
        var unit = Files.readString(in.resolve(name));
        var fault = faultOf(unit);
        if (fault.equals("hangs")) Thread.sleep(600_000);
        if (fault.equals("crashes")) {
          Files.writeString(out.resolve("." + name), unit.substring(0, 20));
          crash();
        }
        Files.delete(in.resolve(name));
        var answer = switch (fault) {
          case "garbage" -> "Segmentation fault? {\n";
          case "floods" -> ("{\"data\":\"" + "x".repeat(1 << 20) + "\"}\n").repeat(65);
          default -> unit;
        };
        put(out, name, answer);
        if (!fault.equals("twice")) continue;
        while (Files.exists(out.resolve(name))) Thread.sleep(5);
        put(out, name, answer);
      }
    }
  }

  static void put(Path out, String name, String answer) throws IOException {
    Files.writeString(out.resolve("." + name), answer);
    Files.move(out.resolve("." + name), out.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
