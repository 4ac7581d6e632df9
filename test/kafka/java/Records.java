import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** What Kafka's own Java code writes and reads, as text: the measure for our codec. Records are lines of tab-separated fields, bytes in hex, "-" for null. */
public class Records {
  static final HexFormat HEX = HexFormat.of();

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "murmur2" -> murmur2(Integer.parseInt(args[1]));
      case "batch" -> batch(args[1]);
      case "produce" -> produce(args[1], Arrays.copyOfRange(args, 2, args.length));
      case "consume" -> consume(args[1], Integer.parseInt(args[2]), Arrays.copyOfRange(args, 3, args.length));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Keys of many lengths with their hash and their partition of 7. */
  static void murmur2(int count) {
    Random random = new Random(2);
    for (int i = 0; i < count; i++) {
      byte[] key = new byte[i];
      random.nextBytes(key);
      int hash = Utils.murmur2(key);
      System.out.println(hex(key) + "\t" + hash + "\t" + Utils.toPositive(hash) % 7);
    }
  }

  /** One batch of the lines of standard input, as the Java producer makes it: base64. */
  static void batch(String compression) throws Exception {
    List<Line> lines = lines();
    MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 20), RecordBatch.MAGIC_VALUE_V2,
        Compression.of(compression).build(), TimestampType.CREATE_TIME, 0L);
    for (Line line : lines) builder.append(line.timestamp, line.key, line.value, line.headers);
    ByteBuffer bytes = builder.build().buffer();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    System.out.println(Base64.getEncoder().encodeToString(copy));
  }

  /** The lines of standard input to partition 0 of each topic, given as TOPIC=COMPRESSION; as few batches as possible. */
  static void produce(String bootstrap, String[] topics) throws Exception {
    List<Line> lines = lines();
    for (String topic : topics) {
      String[] parts = topic.split("=");
      Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "compression.type", parts[1], "linger.ms", 200,
          "batch.size", 1 << 20, "max.request.size", 16 << 20, "buffer.memory", 64L << 20);
      try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (Line line : lines)
          producer.send(new ProducerRecord<>(parts[0], 0, line.timestamp, line.key, line.value, List.of(line.headers)));
      }
    }
  }

  /** So many records of partition 0 of each topic, one line each; less when they do not come. */
  static void consume(String bootstrap, int count, String[] topics) {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed",
        "max.partition.fetch.bytes", 16 << 20);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (String topic : topics) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long deadline = System.currentTimeMillis() + 20_000;
        for (int seen = 0; seen < count && System.currentTimeMillis() < deadline; )
          for (var record : consumer.poll(Duration.ofMillis(200))) {
            seen++;
            StringBuilder line = new StringBuilder(topic);
            line.append('\t').append(record.timestamp()).append('\t').append(hex(record.key())).append('\t').append(hex(record.value()));
            for (Header header : record.headers()) line.append('\t').append(header.key()).append('=').append(hex(header.value()));
            out.println(line);
          }
      }
    }
    out.flush();
  }

  record Line(long timestamp, byte[] key, byte[] value, Header[] headers) {}

  static List<Line> lines() throws Exception {
    List<Line> lines = new ArrayList<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      String[] fields = text.split("\t", -1);
      Header[] headers = new Header[fields.length - 3];
      for (int i = 3; i < fields.length; i++) {
        int equals = fields[i].lastIndexOf('=');
        headers[i - 3] = new RecordHeader(fields[i].substring(0, equals), bytes(fields[i].substring(equals + 1)));
      }
      lines.add(new Line(Long.parseLong(fields[0]), bytes(fields[1]), bytes(fields[2]), headers));
    }
    return lines;
  }

  static String hex(byte[] bytes) {
    return bytes == null ? "-" : HEX.formatHex(bytes);
  }

  static byte[] bytes(String hex) {
    return hex.equals("-") ? null : HEX.parseHex(hex);
  }
}
