package io.sluice.access;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.Test;

/** What discovery costs an event loop: the more targets and portals there are, the more lines, and no more comparisons. */
public class DiscoveryTest {

    private static final int HOSTS = 50;
    private static final int TARGETS = 200;
    private static final List<PortalConfig> WAYS = IntStream.range(0, 4)
            .mapToObj(n -> new PortalConfig("192.0.2." + n, 3260))
            .toList();

    private final List<Host> asked = new ArrayList<>();
    private final Map<String, List<Host>> hosts = new HashMap<>();
    private final Map<String, TargetConfig> targets = new HashMap<>();
    private final Host last = host(HOSTS - 1);

    private static Host host(int number) {
        return new Host(new InitiatorConfig("h" + number, List.of(), List.of(), null, null));
    }

    private static GrantConfig to(String name) {
        return new GrantConfig(name, List.of(), false, false);
    }

    /** A member of two groups, of which each is granted half of the targets, and of nothing else that is granted. */
    private Discovery discovery() throws Exception {
        List<Host> all = new ArrayList<>(
                IntStream.range(0, HOSTS - 1).mapToObj(DiscoveryTest::host).toList());
        all.forEach(host -> hosts.put(host.name(), List.of(host)));
        hosts.put("others", List.copyOf(all));
        all.add(last);
        hosts.put("even", all);
        hosts.put("odd", all);
        for (int i = 0; i < TARGETS; i++) {
            String name = "iqn.2026-11.x:t" + i;
            List<GrantConfig> grants =
                    i % 3 == 0 ? List.of(to("others"), to("h7")) : List.of(to(i % 2 == 0 ? "even" : "odd"));
            targets.put(name, new TargetConfig(new IscsiName(name), true, null, List.of()).withGrants(grants));
        }
        InetAddress address = InetAddress.getByName("192.0.2.77");
        return new Discovery(new Caller("iqn.x:me", address, address, WAYS.get(0)), targets, hosts, host -> {
            asked.add(host);
            return host == last;
        });
    }

    @Test
    public void eachInitiatorIsComparedOnce() throws Exception {
        Discovery discovery = discovery();
        for (int i = 0; i < TARGETS; i++) {
            assertEquals(i % 3 == 0 ? List.of() : WAYS, discovery.shown("iqn.2026-11.x:t" + i, WAYS));
        }
        assertEquals(HOSTS, asked.size());
        assertEquals(HOSTS, new HashSet<>(asked).size());
    }

    @Test
    public void whoAsksForOneTargetIsComparedWithThoseItIsGrantedTo() throws Exception {
        Discovery discovery = discovery();
        targets.put(
                "iqn.2026-11.x:one",
                new TargetConfig(new IscsiName("iqn.2026-11.x:one"), true, null, List.of())
                        .withGrants(List.of(to("h3"))));
        assertEquals(List.of(), discovery.shown("iqn.2026-11.x:one", WAYS));
        assertEquals(1, asked.size());
        assertSame(hosts.get("h3").get(0), asked.get(0));
    }
}
