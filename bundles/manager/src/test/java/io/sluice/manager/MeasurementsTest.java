package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;

import io.sluice.metrics.CommandKind;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Rule;
import org.junit.Test;

public class MeasurementsTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** What was told, by the name and what the series differ in. */
    private final Map<String, Object> told = new TreeMap<>();

    private final MetricSink sink = new MetricSink() {
        @Override
        public void value(Metric metric, double value, String... labels) {
            told.put(name(metric, labels), value);
        }

        @Override
        public void histogram(Metric metric, DurationHistogram durations, String... labels) {
            told.put(name(metric, labels), durations);
        }

        private String name(Metric metric, String... labels) {
            return metric + " " + String.join(" ", labels);
        }
    };

    @Test
    public void countersOfALunAreThereBeforeItsFirstCommand() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        new Measurements(fixture.gateway).collect(sink);
        String lun = " " + TARGET + " 0 disk";
        List<String> zero = new ArrayList<>(List.of(Metric.LUN_QUEUE_DEPTH + lun));
        for (CommandKind kind : CommandKind.values()) {
            if (kind.movesBlocks()) {
                zero.add(Metric.LUN_BYTES + lun + " " + kind.label());
            }
        }
        for (String key : List.of(
                "no_sense",
                "not_ready",
                "medium_error",
                "hardware_error",
                "illegal_request",
                "unit_attention",
                "data_protect",
                "copy_aborted",
                "aborted_command",
                "miscompare")) {
            zero.add(Metric.LUN_ERRORS + lun + " " + key);
        }
        for (String status : List.of(
                "condition_met",
                "busy",
                "reservation_conflict",
                "task_set_full",
                "aca_active",
                "task_aborted",
                "aborted")) {
            zero.add(Metric.LUN_STATUSES + lun + " " + status);
        }
        for (String series : zero) {
            assertEquals(series, 0.0, told.remove(series));
        }
        assertEquals(
                List.of(),
                told.keySet().stream().filter(series -> series.contains(lun)).toList());
    }

    @Test
    public void histogramsOfALunAreThereFromItsFirstCommand() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        ScsiTarget target = fixture.published.get(0);
        ScsiTarget.Port port = target.ports().get(0);
        Nexus nexus = target.open(
                new InitiatorPort("iqn.2026-11.example:host", 1),
                new TargetPort(target.name(), port.groupTag(), port.number()),
                NexusRights.ALL);
        SimpleTask inquiry = new SimpleTask(nexus, "12 00 00 00 24 00", new byte[0]);
        target.execute(inquiry);
        assertEquals("GOOD", inquiry.end());
        new Measurements(fixture.gateway).collect(sink);
        for (CommandKind kind : CommandKind.values()) {
            String series = Metric.LUN_OPERATION_DURATION + " " + TARGET + " 0 disk " + kind.label();
            assertEquals(series, kind == CommandKind.OTHER ? 1 : 0, ((DurationHistogram) told.get(series)).count());
        }
    }
}
