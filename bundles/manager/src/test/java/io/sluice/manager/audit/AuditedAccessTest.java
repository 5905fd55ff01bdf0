package io.sluice.manager.audit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Secret;
import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.management.AccessManagement;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Every change of who may use what leaves one line, and no secret. */
public final class AuditedAccessTest {

    private static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk0");
    private static final InitiatorConfig HOST = new InitiatorConfig(
            "esx1",
            List.of("iqn.1998-01.com.vmware:esx1"),
            List.of(Network.parse("192.0.2.0/24")),
            new ChapConfig("esx", "esx1"),
            null);

    private final List<String> lines = new ArrayList<>();
    private final List<String> called = new ArrayList<>();
    private ConfigException refusal;

    private final AccessManagement access = new AuditedAccess(
            (AccessManagement) Proxy.newProxyInstance(
                    AccessManagement.class.getClassLoader(),
                    new Class<?>[] {AccessManagement.class},
                    (proxy, method, arguments) -> {
                        called.add(method.getName());
                        if (refusal != null) {
                            throw refusal;
                        }
                        return null;
                    }),
            new AuditTrail(() -> "alice@127.0.0.1", lines::add));

    @Test
    public void everyChangeIsOneLine() throws Exception {
        access.createInitiator(HOST);
        access.changeInitiator(new InitiatorConfig("any", null, null, null, null));
        access.deleteInitiator("esx1");
        access.putInitiatorGroup(new InitiatorGroupConfig("cluster", List.of("esx1", "esx2")));
        access.deleteInitiatorGroup("cluster");
        access.changeInitiator(
                HOST, Map.of("esx1", new Secret("correct horse battery".getBytes(StandardCharsets.UTF_8))));
        access.allow(
                TARGET,
                new GrantConfig("esx1", List.of(new LunView(0, 5, true), new LunView(1, 1, false)), false, true));
        access.allow(TARGET, new GrantConfig("backup", null, true, false));
        access.deny(TARGET, "esx1", true);
        access.setTargetPortalGroups(TARGET, List.of(1, 2));
        access.setTargetPortalGroups(TARGET, List.of());
        access.setTargetRedirect(TARGET, new RedirectConfig("192.0.2.9", true));
        access.setTargetRedirect(TARGET, null);
        access.setPortAccessState(TARGET, 2, AccessState.STANDBY);
        access.setSecurity(new SecurityConfig(List.of(ChapAlgorithm.SHA256, ChapAlgorithm.MD5), true));
        String who = "alice@127.0.0.1 ";
        assertEquals(
                List.of(
                        who
                                + "create initiator esx1 with names [iqn.1998-01.com.vmware:esx1], addresses [192.0.2.0/24],"
                                + " CHAP user esx, mutual none: done",
                        who + "change initiator any with names [], addresses [], CHAP user none, mutual none: done",
                        who + "delete initiator esx1: done",
                        who + "set group cluster of esx1, esx2: done",
                        who + "delete group cluster: done",
                        who
                                + "change initiator esx1 with names [iqn.1998-01.com.vmware:esx1], addresses [192.0.2.0/24],"
                                + " CHAP user esx, mutual none, new secret in place of esx1: done",
                        who + "allow target " + TARGET + " to esx1 with LUNs 0=5:ro, 1, may manage: done",
                        who + "allow target " + TARGET + " to backup with all LUNs, read-only: done",
                        who + "deny target " + TARGET + " to esx1, open to all if nobody is left: done",
                        who + "bind target " + TARGET + " to portal groups [1, 2]: done",
                        who + "bind target " + TARGET + " to portal groups all: done",
                        who + "redirect target " + TARGET + " to 192.0.2.9:3260 permanently: done",
                        who + "redirect target " + TARGET + " no more: done",
                        who + "set access state of target " + TARGET + " in portal group 2 to standby: done",
                        who + "set security: CHAP with sha256, md5; discovery with CHAP: done"),
                lines);
        assertEquals(lines.size(), called.size());
        assertFalse(lines.toString().contains("horse"));
    }

    @Test
    public void aRefusalIsALineToo() {
        refusal = new ConfigException("there is no such thing");
        assertThrows(ConfigException.class, () -> access.deleteInitiator("esx1"));
        assertEquals(List.of("alice@127.0.0.1 delete initiator esx1: refused: there is no such thing"), lines);
    }
}
