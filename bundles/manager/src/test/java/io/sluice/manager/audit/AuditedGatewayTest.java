package io.sluice.manager.audit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.AccessManagement;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.Gateway;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Every change leaves one line, whatever becomes of it. */
public final class AuditedGatewayTest {

    private static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk0");
    private static final String SECRET = "/etc/keys/hunter2";

    private final List<String> lines = new ArrayList<>();
    private final List<String> called = new ArrayList<>();
    private Throwable failure;
    private List<String> applied = List.of();

    private final Gateway fake = (Gateway) Proxy.newProxyInstance(
            Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, arguments) -> {
                called.add(method.getName());
                if (failure != null) {
                    throw failure;
                }
                return answer(method);
            });

    private final Gateway gateway = new AuditedGateway(fake, new AuditTrail(() -> "alice@127.0.0.1", lines::add));

    private static BackstoreRequest request(String name, long size) {
        return new BackstoreRequest(
                name, "file", size, 512, 0, true, false, false, true, 80, Map.of("path", "a.img", "keyFile", SECRET));
    }

    private Object answer(Method method) {
        if (method.getName().equals("applyConfiguration")) {
            return applied;
        }
        if (method.getReturnType() == BackstoreConfig.class) {
            return BackstoreConfig.builder("disk0", "file").sizeBytes(1L << 40).build();
        }
        return method.getReturnType() == List.class ? List.of() : null;
    }

    private static Object argument(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 3;
        }
        if (type == long.class) {
            return 20L << 30;
        }
        Map<Class<?>, Object> others = Map.of(
                String.class,
                "disk0",
                IscsiName.class,
                TARGET,
                List.class,
                List.of("disk0"),
                BackstoreRequest.class,
                request("disk0", 1 << 20),
                AccessState.class,
                AccessState.STANDBY,
                LunConfig.class,
                new LunConfig(3, "disk0", true),
                PortalConfig.class,
                PortalConfig.parse("127.0.0.1:3260"));
        return others.get(type);
    }

    private Throwable call(Method method) throws IllegalAccessException {
        try {
            method.invoke(
                    gateway,
                    Arrays.stream(method.getParameterTypes())
                            .map(AuditedGatewayTest::argument)
                            .toArray());
            return null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        }
    }

    /** What is around a change of another method is none itself. */
    private static boolean changes(Method method) {
        return List.of(method.getExceptionTypes()).contains(ConfigException.class)
                && !method.getName().equals("changeIf");
    }

    @Test
    public void everyChangeThatIsRefusedLeavesOneLineAndIsPassedOn() throws Exception {
        failure = new ConfigException("there is no such thing");
        int changes = 0;
        for (Method method : Gateway.class.getMethods()) {
            if (changes(method)) {
                changes++;
                assertSame(method.getName(), failure, call(method));
                assertEquals(method.getName(), changes, lines.size());
                String line = lines.get(changes - 1);
                assertTrue(line, line.startsWith("alice@127.0.0.1 "));
                assertTrue(line, line.endsWith(": refused: there is no such thing"));
                assertEquals(method.getName(), called.get(called.size() - 1));
            }
        }
        assertTrue("changes are told from questions by what they throw", changes >= 15);
    }

    @Test
    public void whatOnlyTellsSomethingLeavesNone() throws Exception {
        for (Method method : Gateway.class.getMethods()) {
            if (!changes(method) && method.getReturnType() != AccessManagement.class) {
                assertNull(method.getName(), call(method));
                assertEquals(method.getName(), called.get(called.size() - 1));
            }
        }
        assertEquals(List.of(), lines);
    }

    @Test
    public void theLinesAreWords() throws Exception {
        gateway.resizeBackstore("disk0", 20L << 30);
        gateway.resizeBackstore("disk0", 1536 << 10);
        gateway.reopenBackstore("disk0", true);
        gateway.takeOverBackstore("disk0", false);
        gateway.takeOverBackstore("disk0", true);
        gateway.deleteBackstore("disk0");
        gateway.createTarget(TARGET, List.of());
        gateway.createTarget(TARGET, List.of("a", "b"));
        gateway.setTargetEnabled(TARGET, false);
        gateway.setTargetAccessState(TARGET, AccessState.ACTIVE_NON_OPTIMIZED);
        gateway.deleteTarget(TARGET, true);
        gateway.mapLun(TARGET, new LunConfig(7, "disk0", true));
        gateway.unmapLun(TARGET, 7, false);
        gateway.createPortal(PortalConfig.parse("[::1]:3260"));
        gateway.changePortal(new PortalConfig("::1", 3260, 2, "192.0.2.9", true));
        gateway.deletePortal(PortalConfig.parse("127.0.0.1:3260"));
        gateway.closeSession(3);
        String who = "alice@127.0.0.1 ";
        assertEquals(
                List.of(
                        who + "resize backstore disk0 to 20 GiB: done",
                        who + "resize backstore disk0 to 1536 KiB: done",
                        who + "reopen backstore disk0, which may begin empty: done",
                        who + "take over backstore disk0: done",
                        who + "take over backstore disk0 by force: done",
                        who + "delete backstore disk0: done",
                        who + "create target " + TARGET + ": done",
                        who + "create target " + TARGET + " with backstores a, b: done",
                        who + "disable target " + TARGET + ": done",
                        who + "set access state of target " + TARGET + " to active-non-optimized: done",
                        who + "delete target " + TARGET + ", with its users: done",
                        who + "map backstore disk0 to LUN 7 of target " + TARGET + ", read-only: done",
                        who + "unmap LUN 7 of target " + TARGET + ": done",
                        who + "create portal [::1]:3260: done",
                        who + "change portal [::1]:3260 in group 2, announced as 192.0.2.9:3260, open to all: done",
                        who + "delete portal 127.0.0.1:3260: done",
                        who + "close session 3: done"),
                lines);
    }

    @Test
    public void ofOptionsTheKeysAreNamedAndNotTheValues() throws Exception {
        gateway.createBackstore(request("disk0", 20L << 30));
        gateway.createTarget(TARGET, request("disk0", 0));
        String options = "with keyFile and path): done";
        String size = ", it has 1 TiB";
        assertEquals("alice@127.0.0.1 create backstore disk0 (type file, 20 GiB, " + options, lines.get(0));
        assertEquals(
                "alice@127.0.0.1 create target " + TARGET + " with backstore disk0 (type file, " + options + size,
                lines.get(1));
        assertFalse(lines.toString().contains(SECRET));
    }

    @Test
    public void whatADocumentChangedIsNamed() throws Exception {
        gateway.applyConfiguration();
        applied = List.of("target a is new", "backstore b has 20 GiB");
        gateway.applyConfiguration();
        assertEquals(
                List.of(
                        "alice@127.0.0.1 apply the configuration document: done, nothing was changed",
                        "alice@127.0.0.1 apply the configuration document: done: target a is new; backstore b has 20 GiB"),
                lines);
    }

    @Test
    public void aChangeThatGoesOnIsNotRefused() {
        failure = ConfigException.goesOn("7e3f-1", "deleting backstore disk0 is still going on after 5 s");
        assertThrows(ConfigException.class, () -> gateway.deleteBackstore("disk0"));
        assertEquals(
                List.of("alice@127.0.0.1 delete backstore disk0: deleting backstore disk0 is still going on after 5 s"),
                lines);
    }

    @Test
    public void aBugLeavesALineToo() {
        failure = new IllegalStateException("oops");
        assertThrows(IllegalStateException.class, () -> gateway.closeSession(1));
        assertEquals(
                List.of("alice@127.0.0.1 close session 1: met a bug: java.lang.IllegalStateException: oops"), lines);
    }

    @Test
    public void nobodyForgesALine() throws Exception {
        gateway.deleteBackstore(
                "x: done\n2026-11-28T12:00:00.000Z bob@10.0.0.1 delete target y\r\u0085\u2028\u001b[2K\u202e");
        assertEquals(
                List.of(
                        "alice@127.0.0.1 delete backstore x: done\\u000a2026-11-28T12:00:00.000Z bob@10.0.0.1 delete target"
                                + " y\\u000d\\u0085\\u2028\\u001b[2K\\u202e: done"),
                lines);
    }

    /** What was done before is not to be pushed out of the log by what somebody sends. */
    @Test
    public void whatIsSentIsNotWrittenAtAnyLength() {
        String name = "x".repeat(60_000);
        failure = new ConfigException("there is no backstore " + name);
        assertThrows(ConfigException.class, () -> gateway.reopenBackstore(name, false));
        assertTrue(lines.get(0), lines.get(0).length() < 2_100);
        assertTrue(lines.get(0), lines.get(0).contains("xxx…: refused: there is no backstore xxx"));
    }
}
