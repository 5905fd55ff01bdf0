package io.sluice.access;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.PortalConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class AccessRulesTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:disk0";
    private static final String ALICE = "iqn.2026-11.com.example:alice";
    private static final String BOB = "iqn.2026-11.com.example:bob";
    private static final PortalConfig PORTAL = new PortalConfig("192.0.2.1", 3260);
    private static final PortalConfig OPEN = new PortalConfig("192.0.2.2", 3260, 2, "", true);
    private static final Secrets SECRETS = name -> ("secret of " + name).getBytes(StandardCharsets.UTF_8);

    private static InitiatorConfig host(String name, List<String> names, String network, String user) {
        return new InitiatorConfig(
                name,
                names,
                network == null ? List.of() : List.of(Network.parse(network)),
                user == null ? null : new ChapConfig(user, user),
                null);
    }

    private static GrantConfig to(String initiator, LunView... views) {
        return new GrantConfig(initiator, List.of(views), false, false);
    }

    private static AccessRules rules(List<InitiatorConfig> hosts, GrantConfig... grants) {
        return rules(SecurityConfig.DEFAULT, hosts, List.of(), List.of(), grants);
    }

    private static AccessRules rules(
            SecurityConfig security,
            List<InitiatorConfig> hosts,
            List<InitiatorGroupConfig> groups,
            List<Integer> portalGroups,
            GrantConfig... grants) {
        TargetConfig target = new TargetConfig(new IscsiName(TARGET), true, null, List.of())
                .withGrants(List.of(grants))
                .withPortalGroups(portalGroups);
        return new AccessRules(
                new GatewayConfig(List.of(PORTAL, OPEN), List.of(), List.of(target), hosts, groups, security), SECRETS);
    }

    private static Caller caller(String name, String remote, String local, PortalConfig portal) {
        return new Caller(name, address(remote), address(local), portal);
    }

    private static Caller caller(String name) {
        return caller(name, "192.0.2.77", "192.0.2.1", PORTAL);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String by(AccessRules rules, Caller caller, String user) {
        return rules.admission(caller, TARGET).grant(user).map(Grant::by).orElse(null);
    }

    private static boolean shows(AccessRules rules, Caller caller, String user, String target, PortalConfig way) {
        return !rules.discovery(caller, user).shown(target, List.of(way)).isEmpty();
    }

    @Test
    public void nobodyGetsInWithoutRules() {
        Admission admission = AccessRules.NOBODY.admission(caller(ALICE), TARGET);
        assertFalse(admission.withoutProof());
        assertFalse(admission.byChap());
        assertEquals(Optional.empty(), admission.grant(null));
    }

    @Test
    public void aTargetWithoutGrantsIsOpenByAnOpenWayOnly() {
        AccessRules rules = rules(List.of());
        assertNull(by(rules, caller(ALICE), null));
        assertEquals("", by(rules, caller(ALICE, "192.0.2.77", "192.0.2.2", OPEN), null));
        assertEquals("", by(rules, caller(ALICE, "127.0.0.1", "127.0.0.1", PORTAL), null));
        assertEquals("", by(rules, caller(ALICE, "::1", "::1", PORTAL), null));
    }

    @Test
    public void aPortalIsAsItIsNow() {
        AccessRules rules = rules(List.of());
        PortalConfig before = new PortalConfig(PORTAL.host(), PORTAL.port(), 1, "", true);
        assertNull(by(rules, caller(ALICE, "192.0.2.77", "192.0.2.1", before), null));
        PortalConfig gone = new PortalConfig("192.0.2.3", 3260, 1, "", true);
        assertEquals("", by(rules, caller(ALICE, "192.0.2.77", "192.0.2.3", gone), null));
    }

    @Test
    public void aTargetWithGrantsIsNotOpenByAnyWay() {
        AccessRules rules = rules(List.of(host("alice", List.of(ALICE), null, null)), to("alice"));
        assertEquals("alice", by(rules, caller(ALICE), null));
        assertNull(by(rules, caller(BOB), null));
        assertNull(by(rules, caller(BOB, "127.0.0.1", "127.0.0.1", OPEN), null));
    }

    @Test
    public void everythingThatAnInitiatorSaysHasToBeTrue() {
        AccessRules rules = rules(List.of(host("alice", List.of(ALICE), "192.0.2.0/28", "al")), to("alice"));
        Caller here = caller(ALICE, "192.0.2.7", "192.0.2.1", PORTAL);
        assertEquals("alice", by(rules, here, "al"));
        assertNull("not proven", by(rules, here, null));
        assertNull("another proven", by(rules, here, "bo"));
        assertNull("from elsewhere", by(rules, caller(ALICE, "192.0.2.16", "192.0.2.1", PORTAL), "al"));
        assertNull("another name", by(rules, caller(BOB, "192.0.2.7", "192.0.2.1", PORTAL), "al"));
    }

    @Test
    public void theMostExactDecidesWhateverTheOrder() {
        List<InitiatorConfig> hosts = List.of(
                host("anybody", null, null, null),
                host("network", null, "192.0.2.0/24", null),
                host("user", null, null, "al"),
                host("pattern", List.of("iqn.2026-11.com.example:*"), null, null),
                host("name", List.of(ALICE), null, null));
        GrantConfig[] grants = {to("anybody"), to("network"), to("user"), to("pattern"), to("name")};
        assertEquals("name", by(rules(hosts, grants), caller(ALICE), "al"));
        assertEquals("pattern", by(rules(hosts, grants), caller(BOB), "al"));
        String stranger = "iqn.2026-11.org.example:x";
        assertEquals("user", by(rules(hosts, grants), caller(stranger), "al"));
        assertEquals("network", by(rules(hosts, grants), caller(stranger), null));
        assertEquals("anybody", by(rules(hosts, grants), caller(stranger, "203.0.113.1", "192.0.2.1", PORTAL), null));
    }

    @Test
    public void ofTwoAlikeTheFirstDecides() {
        List<InitiatorConfig> hosts =
                List.of(host("one", List.of(ALICE), null, null), host("two", List.of(ALICE), null, null));
        assertEquals("two", by(rules(hosts, to("two"), to("one")), caller(ALICE), null));
    }

    @Test
    public void aGroupIsItsMembers() {
        AccessRules rules = rules(
                SecurityConfig.DEFAULT,
                List.of(host("alice", List.of(ALICE), null, null), host("bob", List.of(BOB), null, null)),
                List.of(new InitiatorGroupConfig("both", List.of("alice", "bob"))),
                List.of(),
                new GrantConfig("both", List.of(new LunView(3, 0, true)), false, true));
        Grant grant = rules.admission(caller(BOB), TARGET).grant(null).orElseThrow();
        assertEquals(new Grant("bob", List.of(new LunView(3, 0, true)), false, true, "192.0.2.77"), grant);
    }

    @Test
    public void aTargetIsThereInItsPortalGroupsOnly() {
        AccessRules rules = rules(
                SecurityConfig.DEFAULT,
                List.of(host("alice", List.of(ALICE), null, null)),
                List.of(),
                List.of(2),
                to("alice"));
        assertNull(by(rules, caller(ALICE), null));
        assertEquals("alice", by(rules, caller(ALICE, "192.0.2.77", "192.0.2.2", OPEN), null));
        assertFalse(shows(rules, caller(ALICE), null, TARGET, PORTAL));
        assertTrue("found by one way, used by another", shows(rules, caller(ALICE), null, TARGET, OPEN));
    }

    @Test
    public void absentAndHiddenAndLockedLookTheSame() {
        AccessRules rules = rules(
                List.of(host("alice", List.of(ALICE), null, "al"), host("bob", List.of(BOB), null, null)), to("alice"));
        for (Admission admission : List.of(
                rules.admission(caller(ALICE), TARGET),
                rules.admission(caller(BOB), TARGET),
                rules.admission(caller(ALICE), "iqn.2026-11.io.sluice:absent"))) {
            assertFalse(admission.withoutProof());
            assertTrue(admission.byChap());
            assertNull(admission.redirect());
        }
        assertEquals(Optional.empty(), rules.admission(caller(BOB), TARGET).credential("al"));
    }

    @Test
    public void whoHasComeToWhereHeIsSentIsNotSentOn() {
        PortalConfig behind = new PortalConfig("192.0.2.9", 3260, 3, "198.51.100.7:3260", false);
        PortalConfig any = new PortalConfig("::", 3261, 4, "", false);
        Map<String, Caller> there = Map.of(
                "192.0.2.1:3260", caller(ALICE),
                "198.51.100.7:3260", caller(ALICE, "192.0.2.77", "192.0.2.9", behind),
                "[2001:db8::1]:3261", caller(ALICE, "2001:db8::2", "2001:db8::1", any));
        there.forEach((address, caller) -> {
            RedirectConfig redirect = new RedirectConfig(address, true);
            TargetConfig target = new TargetConfig(new IscsiName(TARGET), true, null, List.of()).withRedirect(redirect);
            AccessRules rules = new AccessRules(
                    GatewayConfig.EMPTY.withTargets(List.of(target)).withPortals(List.of(PORTAL)), SECRETS);
            assertNull(address, rules.admission(caller, TARGET).redirect());
            assertEquals(
                    redirect,
                    rules.admission(caller(ALICE, "192.0.2.77", "192.0.2.2", OPEN), TARGET)
                            .redirect());
        });
    }

    @Test
    public void theOperatorLearnsWhatWasLacking() {
        AccessRules rules = rules(List.of(host("alice", List.of(ALICE), null, "al")), to("alice"));
        assertEquals(
                "it has to prove who it is by CHAP",
                rules.admission(caller(ALICE), TARGET).lack());
        assertEquals(
                "nothing allows the target to an initiator of this name that comes this way",
                rules.admission(caller(BOB), TARGET).lack());
        assertEquals(
                "there is no such target",
                rules.admission(caller(ALICE), TARGET + "x").lack());
    }

    @Test
    public void withoutChapAnywhereNoneIsBegun() {
        AccessRules rules = rules(List.of(host("alice", List.of(ALICE), null, null)), to("alice"));
        assertFalse(rules.admission(caller(BOB), TARGET).byChap());
        assertTrue(rules.admission(caller(ALICE), TARGET).withoutProof());
    }

    @Test
    public void whoNeedNotProveAnythingIsNotAskedTo() {
        AccessRules rules = rules(
                List.of(host("alice", List.of(ALICE), null, null), host("bob", List.of(BOB), null, "bo")),
                to("alice"),
                to("bob"));
        assertFalse(
                "nobody could prove it", rules.admission(caller(ALICE), TARGET).byChap());
        assertTrue(rules.admission(caller(BOB), TARGET).byChap());
    }

    @Test
    public void credentialsAreThoseOfTheCaller() {
        InitiatorConfig mutual = new InitiatorConfig(
                "alice", List.of(ALICE), null, new ChapConfig("al", "al"), new ChapConfig("gateway", "gw"));
        Admission admission = rules(List.of(mutual), to("alice")).admission(caller(ALICE), TARGET);
        Credential credential = admission.credential("al").orElseThrow();
        assertArrayEquals(SECRETS.find("al"), credential.secret());
        assertEquals("gateway", credential.mutualUser());
        assertArrayEquals(SECRETS.find("gw"), credential.mutualSecret());
        assertEquals("Credential[…]", credential.toString());
        assertEquals(Optional.empty(), admission.credential("AL"));
        assertEquals("CHAP user al", admission.grant("al").orElseThrow().principal());
    }

    @Test
    public void aSecretThatIsMissingLetsNobodyIn() {
        TargetConfig target =
                new TargetConfig(new IscsiName(TARGET), true, null, List.of()).withGrants(List.of(to("alice")));
        AccessRules rules = new AccessRules(
                new GatewayConfig(
                        List.of(),
                        List.of(),
                        List.of(target),
                        List.of(host("alice", List.of(ALICE), null, "al")),
                        List.of(),
                        null),
                name -> null);
        assertEquals(Optional.empty(), rules.admission(caller(ALICE), TARGET).credential("al"));
    }

    @Test
    public void discoveryIsOpenUntilItIsTold() {
        List<InitiatorConfig> hosts = List.of(host("alice", List.of(ALICE), null, "al"));
        Admission open = rules(hosts, to("alice")).admission(caller(BOB), null);
        assertTrue(open.withoutProof());
        assertFalse(open.byChap());
        assertTrue(rules(hosts, to("alice")).admission(caller(ALICE), null).byChap());
        SecurityConfig strict = new SecurityConfig(null, true);
        AccessRules rules = rules(strict, hosts, List.of(), List.of(), to("alice"));
        Admission closed = rules.admission(caller(BOB), null);
        assertFalse(closed.withoutProof());
        assertTrue(closed.byChap());
        assertEquals(Optional.empty(), closed.grant(null));
        assertEquals(Optional.empty(), closed.credential("al"));
        Admission alice = rules.admission(caller(ALICE), null);
        assertTrue(alice.credential("al").isPresent());
        assertTrue(alice.grant("al").isPresent());
    }

    @Test
    public void discoveryShowsWhatMayBeUsed() {
        List<InitiatorConfig> hosts = List.of(host("alice", List.of(ALICE), null, "al"));
        AccessRules open = rules(hosts, to("alice"));
        assertTrue("it may be proven at the login", shows(open, caller(ALICE), null, TARGET, PORTAL));
        assertFalse(shows(open, caller(BOB), null, TARGET, PORTAL));
        AccessRules strict = rules(new SecurityConfig(null, true), hosts, List.of(), List.of(), to("alice"));
        assertFalse(shows(strict, caller(ALICE), "bo", TARGET, PORTAL));
        assertTrue(shows(strict, caller(ALICE), "al", TARGET, PORTAL));
        assertFalse(shows(open, caller(ALICE), null, "iqn.2026-11.io.sluice:absent", PORTAL));
    }

    @Test
    public void anOpenTargetIsShownByItsOpenWays() {
        AccessRules rules = rules(List.of());
        Caller local = caller(ALICE, "127.0.0.1", "127.0.0.1", new PortalConfig("0.0.0.0", 3260));
        assertFalse(shows(rules, local, null, TARGET, PORTAL));
        assertTrue(shows(rules, local, null, TARGET, OPEN));
        assertTrue(shows(rules, local, null, TARGET, new PortalConfig("127.0.0.1", 3260)));
        assertTrue(shows(rules, local, null, TARGET, new PortalConfig("0.0.0.0", 3260)));
        assertFalse(shows(rules, caller(ALICE), null, TARGET, new PortalConfig("0.0.0.0", 3260)));
    }

    @Test(timeout = 5_000)
    public void noNameTakesLong() {
        String pattern = "iqn.*" + "a*".repeat(100) + "b";
        assertFalse(new NamePattern(pattern).matches("iqn." + "a".repeat(219)));
        assertTrue(new NamePattern("iqn.*:disk*").matches("iqn.2026-11.io.sluice:disk"));
        assertTrue(new NamePattern("*").matches(""));
        assertFalse(new NamePattern("iqn.*x").matches("iqn.y"));
    }
}
