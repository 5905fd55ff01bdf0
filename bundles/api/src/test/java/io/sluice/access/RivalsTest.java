package io.sluice.access;

import static org.junit.Assert.assertEquals;

import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.Network;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Of which hosts it is not clear which grant decides: compared with all callers that there can be of a small world. */
public class RivalsTest {

    private static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk0");
    private static final String PREFIX = "iqn.2026-11.x:";
    private static final PortalConfig PORTAL = new PortalConfig("10.0.0.1", 3260);
    private static final String[][] NAMES = {
        {}, {"a"}, {"b"}, {"*"}, {"a*"}, {"*b"}, {"a*b"}, {"*a*"}, {"b*a"}, {"c**c"}, {"a", "c*"},
    };
    private static final String[][] NETWORKS = {
        {}, {"10.0.0.0/8"}, {"10.1.0.0/16"}, {"10.2.0.0/16"}, {"10.1.0.1", "11.0.0.0/8"}, {"2001:db8::/32"},
    };
    private static final String[] USERS = {null, "u", "v"};

    private static List<Host> hosts() {
        List<Host> hosts = new ArrayList<>();
        for (String[] names : NAMES) {
            for (String[] networks : NETWORKS) {
                for (String user : USERS) {
                    hosts.add(new Host(host("h" + hosts.size(), names, networks, user)));
                }
            }
        }
        return hosts;
    }

    private static InitiatorConfig host(String name, String[] names, String[] networks, String user) {
        return new InitiatorConfig(
                name,
                List.of(names).stream().map(ending -> PREFIX + ending).toList(),
                List.of(networks).stream().map(Network::parse).toList(),
                user == null ? null : new ChapConfig(user, user),
                null);
    }

    private static List<Caller> callers() {
        List<String> endings = new ArrayList<>(List.of("a", "b", "c"));
        for (int i = 0; endings.size() < 39; i++) {
            for (String letter : new String[] {"a", "b", "c"}) {
                endings.add(endings.get(i) + letter);
            }
        }
        List<Caller> callers = new ArrayList<>();
        for (String ending : endings) {
            for (String address : new String[] {"10.1.0.1", "10.2.0.1", "10.3.0.1", "11.0.0.1", "2001:db8::1"}) {
                callers.add(new Caller(PREFIX + ending, address(address), address(address), PORTAL));
            }
        }
        return callers;
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean alike(Host one, Host two, List<Caller> callers) {
        for (Caller caller : callers) {
            Host.Exactness exactness = one.match(caller);
            if (exactness != null && exactness == two.match(caller)) {
                for (String user : USERS) {
                    if (new Candidate(one, exactness, null).provenBy(user)
                            && new Candidate(two, exactness, null).provenBy(user)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Test
    public void twoAreRivalsIfSomebodyCanBeBoth() {
        List<Caller> callers = callers();
        List<Host> hosts = hosts();
        int rivals = 0;
        for (Host one : hosts) {
            for (Host two : hosts) {
                boolean alike = alike(one, two, callers);
                rivals += alike ? 1 : 0;
                assertEquals(one.name() + " " + two.name(), alike, one.rivals(two));
            }
        }
        assertEquals("both happens", true, rivals > 1_000 && rivals < hosts.size() * hosts.size() - 1_000);
    }

    @Test
    public void theGrantsOfATargetAreLookedAt() {
        InitiatorConfig one = host("one", new String[] {"a"}, new String[] {}, null);
        InitiatorConfig two = host("two", new String[] {"a*"}, new String[] {}, null);
        InitiatorConfig three = host("three", new String[] {"*b"}, new String[] {}, null);
        TargetConfig target =
                new TargetConfig(TARGET, true, null, List.of()).withGrants(List.of(to("one"), to("two"), to("both")));
        AccessRules rules = new AccessRules(
                new GatewayConfig(
                        List.of(),
                        List.of(),
                        List.of(target),
                        List.of(one, two, three),
                        List.of(new InitiatorGroupConfig("both", List.of("one", "three"))),
                        SecurityConfig.DEFAULT),
                name -> null);
        assertEquals("by itself and in a group", List.of("both"), rules.rivals(TARGET, "one"));
        assertEquals(List.of("one", "two"), rules.rivals(TARGET, "both"));
        assertEquals(List.of("two", "both"), rules.rivals(TARGET, "three"));
        assertEquals(List.of(), rules.rivals(new IscsiName(PREFIX + "other"), "one"));
        assertEquals(List.of(), rules.rivals(TARGET, "nobody"));
    }

    private static GrantConfig to(String initiator) {
        return new GrantConfig(initiator, List.of(), false, false);
    }
}
