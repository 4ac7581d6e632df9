import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** W1 in Kafka Streams, one thread: BOOTSTRAP IN OUT GROUP at_least_once|exactly_once_v2 w1|route. Runs until it is killed. */
public final class Streams {
  static final ObjectMapper MAPPER = new ObjectMapper();
  static final Map<String, String> ORGS = Map.of("t0", "o0", "t1", "o1", "t2", "o2", "t3", "o3", "t4", "o4", "t5", "o5",
      "t6", "o6", "t7", "o7", "t8", "o8", "t9", "o9");

  static byte[] write(JsonNode value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode read(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode enrich(JsonNode event) {
    ObjectNode data = (ObjectNode) event.get("data");
    String version = data.get("version").textValue();
    if (!version.startsWith("v")) data.put("version", "v" + version);
    data.put("env", data.get("env").textValue().toLowerCase(Locale.ROOT));
    data.put("org", ORGS.getOrDefault(data.get("user").get("team").textValue(), "unknown"));
    return data.put("processed", true) == null ? null : event;
  }

  public static void main(String[] args) throws Exception {
    Serde<byte[]> bytes = Serdes.ByteArray();
    Serde<JsonNode> json = Serdes.serdeFrom((topic, value) -> write(value), (topic, data) -> read(data));
    StreamsBuilder builder = new StreamsBuilder();
    if (args[5].equals("route")) {
      builder.stream(args[1], Consumed.with(bytes, bytes)).filter((k, v) -> k != null).to(args[2], Produced.with(bytes, bytes));
    } else {
      builder.stream(args[1], Consumed.with(bytes, json))
          .filter((k, v) -> v.get("data").hasNonNull("env") && !v.get("data").get("service").textValue().isEmpty())
          .mapValues(Streams::enrich)
          .to(args[2], Produced.with(bytes, json));
    }
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[3]);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args[4]);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, args[6]);
    properties.put("auto.offset.reset", "earliest");
    KafkaStreams streams = new KafkaStreams(builder.build(), properties);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    Thread.currentThread().join();
  }
}
