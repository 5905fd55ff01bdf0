package io.sluice.manager.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.config.AccessState;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.UnitState;
import java.io.IOException;
import java.util.List;

/** What gateways that have the same storage write beside it for each other, as JSON; a newer one may say more. */
public final class SharedJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private SharedJson() {}

    /**
     * A gateway.
     *
     * @param gateway its {@link GatewayIdentity#id}; empty for none
     * @param host name of its machine, for people
     * @param term stands for the time since it has begun to serve the disk, and is of no other time and gateway; empty if it does not
     *     serve it yet, or performs no commands for others
     */
    public record Name(String gateway, String host, String term) {

        /** No gateway. */
        public static final Name NOBODY = new Name("", "", "");

        public Name {
            term = term == null ? "" : term;
        }

        /** Returns it for people. */
        public String text() {
            return "gateway " + gateway + " on " + host;
        }
    }

    /** A target port of a gateway, with the state that it has when that one serves the medium. */
    record Port(String target, int group, int number, String state) {}

    /** What a gateway says of itself. */
    record Presence(String gateway, String host, List<Port> ports) {}

    /** Returns what a gateway says of itself and its ports. */
    public static byte[] presence(GatewayIdentity me, List<SharedUnit.Port> ports) {
        return write(new Presence(
                me.id(),
                me.host(),
                ports.stream()
                        .map(port -> new Port(
                                port.port().iscsiName(),
                                port.port().groupTag(),
                                port.port().number(),
                                port.accessState().label()))
                        .toList()));
    }

    /** @throws IOException if it is none; the message is one line for the operator */
    public static Other other(byte[] json) throws IOException {
        Presence read = read(json, Presence.class);
        try {
            return new Other(
                    new Name(read.gateway(), read.host(), ""),
                    read.ports().stream()
                            .map(port -> new SharedUnit.Port(
                                    new TargetPort(port.target(), port.group(), port.number()),
                                    AccessState.parse(port.state())))
                            .toList());
        } catch (RuntimeException wrong) {
            throw new IOException(
                    "what another gateway says of its ports is not understood: " + wrong.getMessage(), wrong);
        }
    }

    /**
     * Another gateway.
     *
     * @param name who it is
     * @param ports its ports, with the states that they have when it serves the medium
     */
    public record Other(Name name, List<SharedUnit.Port> ports) {}

    /** Returns the name of a gateway. */
    public static byte[] name(GatewayIdentity gateway) {
        return write(new Name(gateway.id(), gateway.host(), ""));
    }

    /** Returns the name of a gateway that serves a disk. */
    public static byte[] name(Name server) {
        return write(server);
    }

    /** @throws IOException if it is none; the message is one line for the operator */
    public static Name name(byte[] json) throws IOException {
        if (json.length == 0) {
            return Name.NOBODY;
        }
        Name read = read(json, Name.class);
        if (read.gateway() == null || read.host() == null) {
            throw new IOException("the name of another gateway is not understood");
        }
        return read;
    }

    /** Returns the state of a unit. */
    public static byte[] state(UnitState state) {
        return StateJson.write(state);
    }

    /** @throws IOException if it is none; the message is one line for the operator */
    public static UnitState state(byte[] json) throws IOException {
        if (json.length == 0) {
            return UnitState.NEW;
        }
        try {
            return StateJson.readShared(json);
        } catch (StateJson.InvalidException invalid) {
            throw new IOException(
                    "the state of the unit beside its blocks is not valid: " + invalid.getMessage(), invalid);
        }
    }

    private static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    private static <T> T read(byte[] json, Class<T> kind) throws IOException {
        try {
            return MAPPER.readValue(json, kind);
        } catch (JsonProcessingException wrong) {
            throw new IOException("what another gateway has written is not understood", wrong);
        }
    }
}
