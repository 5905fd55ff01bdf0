package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.TraceManagement;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public final class TracesTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private TraceManagement traces() {
        return fixture.gateway.trace();
    }

    private void refuses(String why, ThrowingRunnable call) {
        ConfigException refused = assertThrows(ConfigException.class, call);
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
    }

    @Test
    public void thereIsOneAtATime() throws Exception {
        refuses("no trace is running", () -> traces().stop());
        traces().start(TraceRequest.ALL);
        refuses("a trace is running: trace:stop ends it", () -> traces().start(TraceRequest.ALL));
        traces().stop();
        assertFalse(traces().status().running());
    }

    @Test
    public void ofATargetThatThereIs() throws Exception {
        TraceRequest request = TraceRequest.ALL.withTarget(TARGET.value());
        refuses("there is no target " + TARGET, () -> traces().start(request));
        fixture.gateway.createTarget(TARGET, List.of());
        traces().start(request);
    }

    @Test
    public void whatWouldTakeTooMuchMemoryIsRefused() {
        long most = Runtime.getRuntime().maxMemory() / 4;
        if (most < 1L << 30) {
            refuses("a quarter of the gateway's heap", () -> traces().start(
                            TraceRequest.ALL.withMemoryBytes(1L << 30)));
        } else {
            assertThrows(IllegalArgumentException.class, () -> TraceRequest.ALL.withMemoryBytes((1L << 30) + 1));
        }
    }

    @Test
    public void withoutATransportThereIsNone() {
        fixture.gateway.unsetTransport(fixture.transport);
        refuses("the iscsi bundle is not active", () -> traces().start(TraceRequest.ALL));
        assertEquals(TraceStatus.NONE, traces().status());
        assertEquals(List.of(), fixture.gateway.advice());
    }

    @Test
    public void aCaptureHasAPlaceAndNoOtherTakesIt() throws Exception {
        refuses("there is nothing to export", () -> traces().export("one.pcap"));
        traces().start(TraceRequest.ALL);
        Path file = Path.of(traces().export("one.pcap"));
        assertEquals(FakeTrace.CONTENT, Files.readString(file));
        assertTrue(file.toString(), file.isAbsolute() && file.endsWith("traces/one.pcap"));
        refuses("already: choose another name", () -> traces().export("one.pcap"));
    }

    @Test
    public void theyDoNotFillTheFileSystem() throws Exception {
        traces().start(TraceRequest.ALL);
        Path first = Path.of(traces().export("0.pcap"));
        for (int i = 1; i < 16; i++) {
            traces().export(i + ".pcap");
        }
        String full = "there are 16 captures in " + first.getParent() + " already: remove some";
        refuses("the capture 16.pcap cannot be written: " + full, () -> traces().export("16.pcap"));
        Files.delete(first);
        traces().export("16.pcap");
        Path second = first.resolveSibling("1.pcap");
        try (RandomAccessFile large = new RandomAccessFile(second.toFile(), "rw")) {
            large.setLength(1L << 30);
        }
        Files.delete(first.resolveSibling("2.pcap"));
        String large = "there are 1024 MiB of captures in " + first.getParent() + " already: remove some";
        refuses(large, () -> traces().export("17.pcap"));
        Files.delete(second);
        traces().export("17.pcap");
    }

    @Test
    public void aNameHasNoWayOutOfTheFolder() throws Exception {
        traces().start(TraceRequest.ALL);
        String[] names = {"", "x", "/tmp/x.pcap", "../x.pcap", "a/b.pcap", ".x.pcap", "x.pcap\n", "x\0.pcap", "x.cfg"};
        for (String name : names) {
            IllegalArgumentException refused =
                    assertThrows(name, IllegalArgumentException.class, () -> traces().export(name));
            assertTrue(refused.getMessage(), refused.getMessage().lines().count() == 1);
        }
    }

    @Test
    public void aFullDiskIsOneLine() throws Exception {
        traces().start(TraceRequest.ALL);
        fixture.transport.trace.failure = new IOException("No space left on device");
        refuses("the capture one.pcap cannot be written: No space left on device", () -> traces().export("one.pcap"));
        fixture.transport.trace.failure = null;
        traces().export("one.pcap");
    }
}
