package io.sluice.shell.status;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.PortalConfig;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.TransportStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** What the gateway says of itself, from before it is there until it serves. */
public class StatusReportTest {

    private static final PortalConfig FIRST = PortalConfig.parse("127.0.0.1:3260");
    private static final PortalConfig SECOND = PortalConfig.parse("[::1]:3260");
    private static final ConsoleStatus OPEN = new ConsoleStatus("127.0.0.1:8101", true, "");
    private static final ConsoleStatus OPENING = new ConsoleStatus("127.0.0.1:8101", false, "");

    private List<PortalStatus> portals = List.of(new PortalStatus(FIRST, true, ""));
    private Optional<TransportStatus> transport = Optional.of(new TransportStatus(0, 0, 0, "", 0, 0, 0, 0));
    private List<String> problems = List.of();

    private Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(),
                new Class<?>[] {Gateway.class},
                (proxy, method, arguments) -> method.getName().equals("portals")
                        ? portals
                        : new GatewayStatus("1.2", Duration.ZERO, 1, 0, 0, 0, 0, 0, transport, problems));
    }

    private StatusReport report(ConsoleStatus console, boolean late) {
        return StatusReport.of(42, Optional.of(gateway()), console, late);
    }

    @Test
    public void nothingIsThereYet() {
        StatusReport report = StatusReport.of(42, Optional.empty(), OPENING, true);
        assertFalse(report.settled());
        assertEquals("pid 42\nstate starting\nconsole 127.0.0.1:8101 opening\n", report.text());
    }

    @Test
    public void allIsWell() {
        StatusReport report = report(OPEN, false);
        assertTrue(report.settled());
        assertEquals(
                "pid 42\nversion 1.2\nstate serving\nportal 127.0.0.1:3260 listening\nconsole 127.0.0.1:8101 listening\n",
                report.text());
    }

    @Test
    public void everyPortalAndTheConsoleAreWaitedFor() {
        assertFalse("the console", report(OPENING, false).settled());
        portals = List.of(new PortalStatus(FIRST, true, ""), new PortalStatus(SECOND, false, ""));
        assertFalse("a portal", report(OPEN, false).settled());
        portals = List.of(new PortalStatus(FIRST, false, "there is no transport"));
        transport = Optional.empty();
        assertFalse("the transport", report(OPEN, false).settled());
        assertTrue("but not for ever", report(OPEN, true).settled());
        assertFalse(
                "the console has a deadline of its own", report(OPENING, true).settled());
    }

    @Test
    public void whatCannotBeHadIsNamed() {
        portals = List.of(new PortalStatus(FIRST, true, ""), new PortalStatus(SECOND, false, "the address\nis in use"));
        problems = List.of("portal [::1]:3260: again", "backstore a: away");
        StatusReport report = report(new ConsoleStatus("127.0.0.1:8101", false, "taken"), false);
        assertTrue(report.settled());
        assertEquals(
                "pid 42\nversion 1.2\nstate serving\nportal 127.0.0.1:3260 listening\n"
                        + "portal [::1]:3260 problem the address is in use\nconsole 127.0.0.1:8101 problem taken\n"
                        + "problem portal [::1]:3260: again\nproblem backstore a: away\n",
                report.text());
    }

    @Test
    public void aConsoleThatMayComeYetIsToldFromOneThatMayNot() {
        StatusReport report = report(new ConsoleStatus("127.0.0.1:8101", false, "takes long", true), false);
        assertTrue(
                report.text(), report.text().contains("\nconsole 127.0.0.1:8101 problem takes long\nlate console\n"));
    }

    @Test
    public void aRefusedConfigurationIsNotWaitedFor() {
        portals = List.of();
        transport = Optional.empty();
        problems = List.of("gateway.json is not valid");
        StatusReport report = report(OPENING, false);
        assertTrue(report.settled());
        assertEquals(
                "pid 42\nversion 1.2\nstate refused\nconsole 127.0.0.1:8101 opening\nproblem gateway.json is not valid\n",
                report.text());
    }
}
