package streamwright.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The seed pipeline as a Kafka Streams user writes it: parse, keep fields, number, write; what does not parse goes to
 * the reject topic with a reason. The number is counted per task in memory, which is less work than ours (no state in
 * the commit), so the comparison favours Kafka Streams.
 *
 * <p>Arguments: bootstrap, input, output, rejects, application id, at_least_once or exactly_once_v2, commit interval in
 * ms.
 */
public final class Seed {
    private static final String MAIN = "main";
    private static final String REJECTED = "rejected";

    private static final class Numbering implements Processor<byte[], byte[], byte[], byte[]> {
        private final ObjectMapper mapper = new ObjectMapper();
        private ProcessorContext<byte[], byte[]> context;
        private long next = 1;

        @Override
        public void init(final ProcessorContext<byte[], byte[]> given) {
            context = given;
        }

        @Override
        public void process(final Record<byte[], byte[]> record) {
            try {
                final ObjectNode in = (ObjectNode) mapper.readTree(record.value());
                final String content = in.get("content").textValue();
                final int space = content.lastIndexOf(' ');
                if (space < 0) {
                    throw new IllegalArgumentException("no purchase request");
                }
                final long quantity = Long.parseLong(content.substring(space + 1).trim());
                if (quantity <= 0) {
                    return;
                }
                final ObjectNode out = mapper.createObjectNode();
                out.set("id", in.get("id"));
                out.set("name", in.get("name"));
                out.set("subject", in.get("subject"));
                out.put("product", content.substring(0, space));
                out.put("quantity", quantity);
                out.put("app_number", next++);
                context.forward(record.withValue(mapper.writeValueAsBytes(out)), MAIN);
            } catch (final Exception problem) {
                record.headers().add("error", String.valueOf(problem.getMessage()).getBytes(StandardCharsets.UTF_8));
                context.forward(record, REJECTED);
            }
        }
    }

    public static void main(final String[] arguments) {
        final Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[4]);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, arguments[5]);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, arguments[6]);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir") + "/" + arguments[4]);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "10000");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), "4194304");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), "524288");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "5");

        final Topology topology = new StreamsBuilder().build();
        topology.addSource("in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), arguments[1]);
        topology.addProcessor("seed", Numbering::new, "in");
        topology.addSink(MAIN, arguments[2], Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer(), "seed");
        topology.addSink(
                REJECTED, arguments[3], Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer(), "seed");
        final KafkaStreams streams = new KafkaStreams(topology, properties);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
    }

    private Seed() {}
}
