package io.sluice.manager.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseKey;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedAttention.Ports;
import io.sluice.scsi.TargetPort;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Unit attentions that the gateway which serves a disk has established, for nexuses of the others, as JSON. */
public final class AttentionsJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private AttentionsJson() {}

    /**
     * The last ones of a gateway.
     *
     * @param term of the gateway, {@link SharedJson.Name#term}
     * @param numbered in the order in which they were established
     */
    public record Attentions(String term, List<Numbered> numbered) {}

    /** One that has a number of its own in its term. */
    public record Numbered(long number, SharedAttention attention) {}

    record Document(String term, List<Entry> attentions) {}

    record Entry(long number, int code, int qualifier, List<Nexus> whom, Nexus except) {}

    record Nexus(String initiator, long isid, String target, int group) {

        private static Nexus of(Ports ports) {
            return ports == null
                    ? null
                    : new Nexus(
                            ports.initiator().iscsiName(),
                            ports.initiator().isid(),
                            ports.target() == null ? null : ports.target().iscsiName(),
                            ports.target() == null ? 0 : ports.target().groupTag());
        }

        private Ports ports() {
            return new Ports(
                    new InitiatorPort(initiator, isid), target == null ? null : new TargetPort(target, group, group));
        }
    }

    /** Writes them. */
    public static byte[] write(Attentions attentions) {
        try {
            return MAPPER.writeValueAsBytes(new Document(
                    attentions.term(),
                    attentions.numbered().stream()
                            .map(one -> new Entry(
                                    one.number(),
                                    one.attention().condition().additionalSenseCode(),
                                    one.attention().condition().qualifier(),
                                    one.attention().whom() == null
                                            ? null
                                            : one.attention().whom().stream()
                                                    .map(Nexus::of)
                                                    .toList(),
                                    Nexus.of(one.attention().except())))
                            .toList()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    /** @throws IOException if there are none; the message is one line for the operator */
    public static Attentions read(byte[] json) throws IOException {
        try {
            Document read = MAPPER.readValue(json, Document.class);
            return new Attentions(
                    Objects.requireNonNull(read.term()),
                    read.attentions().stream().map(AttentionsJson::numbered).toList());
        } catch (JsonProcessingException | RuntimeException wrong) {
            throw new IOException("what another gateway says of unit attentions is not understood", wrong);
        }
    }

    private static Numbered numbered(Entry entry) {
        Sense condition = Arrays.stream(Sense.values())
                .filter(sense -> sense.key() == SenseKey.UNIT_ATTENTION
                        && sense.additionalSenseCode() == entry.code()
                        && sense.qualifier() == entry.qualifier())
                .findFirst()
                .orElseThrow();
        List<Ports> whom = entry.whom() == null
                ? null
                : entry.whom().stream().map(Nexus::ports).toList();
        Nexus except = entry.except();
        return new Numbered(
                entry.number(), new SharedAttention(condition, whom, except == null ? null : except.ports()));
    }
}
