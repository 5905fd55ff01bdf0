package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.LunView;
import io.sluice.config.RedirectConfig;
import java.util.Collections;
import java.util.List;
import org.apache.karaf.shell.support.CommandException;
import org.junit.Rule;
import org.junit.Test;

/** The commands that say who may use what: what they ask of the gateway, and what they do with secrets. */
public class AccessCommandTest {

    private static final String TARGET = OneOfEverything.TARGET;
    private static final String SECRET = "a \"very\" good secret";

    @Rule
    public final SecretFiles files = new SecretFiles();

    private final FakeGateway gateway = new FakeGateway();

    private String run(String line) throws Exception {
        return gateway.run(line);
    }

    private void asks(String line, String... calls) throws Exception {
        gateway.calls.clear();
        run(line);
        assertEquals(line, List.of(calls), gateway.calls);
    }

    private void fails(String line, String message) {
        gateway.calls.clear();
        CommandException failure = assertThrows(CommandException.class, () -> run(line));
        assertTrue(failure.getMessage(), failure.getMessage().contains(message));
        assertFalse(failure.getMessage(), failure.getMessage().contains("\n"));
        assertEquals("nothing was changed", List.of(), gateway.calls);
    }

    @Test
    public void anInitiatorIsWhatTheOptionsSay() throws Exception {
        asks(
                "initiator:create db1 --iqn IQN.2020-01.org.example:db1 --iqn iqn.2020-02.* --address 10.0.0.0/8",
                "createInitiator[InitiatorConfig[name=db1, names=[iqn.2020-01.org.example:db1, iqn.2020-02.*], "
                        + "addresses=[10.0.0.0/8], chap=null, mutual=null, limits=null]]");
        assertEquals(
                "Created initiator any: any host from 2001:db8::/32 or 192.0.2.7.\n",
                run("initiator:create any --address 2001:db8::/32 --address 192.0.2.7"));
    }

    @Test
    public void newSecretsComeWithWhoNamesThem() throws Exception {
        asks(
                "initiator:create db2 --chap db --secret-file db2.secret --mutual gw --mutual-secret-file sluice.secret",
                "createInitiator[InitiatorConfig[name=db2, names=[], addresses=[], "
                        + "chap=ChapConfig[user=db, secret=db2.chap], mutual=ChapConfig[user=gw, secret=db2.mutual], limits=null], new [db2.chap, db2.mutual]]");
        assertEquals(List.of("the-db2.secret", "the-sluice.secret"), gateway.secrets);
    }

    @Test
    public void atATerminalASecretIsAskedForTwiceAndNotShown() throws Exception {
        gateway.width = 80;
        gateway.typed.addAll(List.of(SECRET, SECRET));
        String said = run("initiator:create db2 --chap db");
        assertEquals("Created initiator db2: any host, with CHAP as db.\n", said);
        assertEquals(List.of(SECRET), gateway.secrets);
    }

    @Test
    public void withoutATerminalAFileIsAskedFor() {
        fails("initiator:create db2 --chap db", "name a file that has it by --secret-file");
        fails(
                "initiator:create db2 --chap db --secret-file db2.secret --mutual gw",
                "name a file that has it by --mutual-secret-file");
    }

    @Test
    public void bothDirectionsNeedSecretsOfTheirOwn() {
        fails(
                "initiator:create db2 --chap db --secret-file db2.secret --mutual gw --mutual-secret-file db2.secret",
                "the two directions need different secrets");
        fails("initiator:create db2 --mutual gw", "--mutual goes with --chap USER");
        fails("initiator:set esx1 --mutual gw", "--mutual goes with --chap USER");
    }

    @Test
    public void nobodyIsAskedForASecretInVain() {
        gateway.width = 80;
        fails("initiator:create web1 --chap db", "there is an initiator or a group web1 already");
        fails("initiator:create cluster --chap db", "there is an initiator or a group cluster already");
        fails("initiator:create db2 --chap db --iqn nonsense", "'nonsense' is not an iSCSI name");
        fails("initiator:create db2 --chap db --address 10.0.0", "'10.0.0' is not an address or network");
        fails("initiator:set nobody --chap db", "there is no initiator nobody");
    }

    @Test
    public void aUserThatSeveralInitiatorsShareHasOneSecret() throws Exception {
        asks(
                "initiator:create db2 --chap webuser",
                "createInitiator[InitiatorConfig[name=db2, names=[], addresses=[], "
                        + "chap=ChapConfig[user=webuser, secret=web1.chap], mutual=null, limits=null]]");
        asks(
                "initiator:create db2 --chap webuser --secret-file db2.secret",
                "createInitiator[InitiatorConfig[name=db2, names=[], addresses=[], "
                        + "chap=ChapConfig[user=webuser, secret=web1.chap], mutual=null, limits=null], new [web1.chap]]");
    }

    @Test
    public void theSecretOfSomebodyElseIsNotOverwritten() throws Exception {
        String longName = "w".repeat(64);
        asks(
                "initiator:create " + longName + " --chap db --secret-file db2.secret",
                "createInitiator[InitiatorConfig[name=" + longName
                        + ", names=[], addresses=[], chap=ChapConfig[user=db," + " secret=" + "w".repeat(52)
                        + ".chap], mutual=null, limits=null], new [" + "w".repeat(52) + ".chap]]");
    }

    @Test
    public void whatIsNotNamedStays() throws Exception {
        String chap = "chap=ChapConfig[user=webuser, secret=web1.chap]";
        String mutual = "mutual=ChapConfig[user=sluice, secret=web1.mutual]";
        String changed = "changeInitiator[InitiatorConfig[name=web1, names=";
        String name = "[iqn.1993-08.org.debian:01:web1]";
        String from = ", addresses=[192.0.2.0/24], ";
        asks(
                "initiator:set web1 --iqn iqn.2026-01.new:a",
                changed + "[iqn.2026-01.new:a]" + from + chap + ", " + mutual + ", limits=null]]");
        asks("initiator:set web1 --any-iqn", changed + "[]" + from + chap + ", " + mutual + ", limits=null]]");
        asks(
                "initiator:set web1 --any-address",
                changed + name + ", addresses=[], " + chap + ", " + mutual + ", limits=null]]");
        asks("initiator:set web1 --no-mutual", changed + name + from + chap + ", mutual=null, limits=null]]");
        asks("initiator:set web1 --no-chap", changed + name + from + "chap=null, mutual=null, limits=null]]");
        asks(
                "initiator:set web1 --secret-file db2.secret",
                changed + name + from + chap + ", " + mutual + ", limits=null], new [web1.chap]]");
        asks(
                "initiator:set web1 --mutual gw --mutual-secret-file sluice.secret",
                changed + name + from + chap + ", " + mutual.replace("sluice", "gw")
                        + ", limits=null], new [web1.mutual]]");
    }

    @Test
    public void limitsAreSetAndTakenAway() throws Exception {
        String esx1 = "changeInitiator[InitiatorConfig[name=esx1, names=[iqn.1998-01.com.vmware:esx1-*], addresses=[], "
                + "chap=null, mutual=null, limits=";
        asks(
                "initiator:create lab --iops 500 --bandwidth 0",
                "createInitiator[InitiatorConfig[name=lab, names=[], addresses=[], chap=null, mutual=null, "
                        + "limits=LimitConfig[iops=500, bandwidthBytes=0, burstMillis=100]]]");
        asks(
                "initiator:set esx1 --iops 2000 --bandwidth 1G --burst 500ms",
                esx1 + "LimitConfig[iops=2000, bandwidthBytes=1073741824, burstMillis=500]]]");
        String withoutIops = esx1 + "LimitConfig[iops=0, bandwidthBytes=104857600, burstMillis=2000]]]";
        asks("initiator:set esx1 --iops 0", withoutIops);
        asks("initiator:set esx1 --iops=", withoutIops);
        asks(
                "initiator:set esx1 --burst=",
                esx1 + "LimitConfig[iops=1000, bandwidthBytes=104857600, burstMillis=100]]]");
        asks("initiator:set esx1 --iops 0 --bandwidth 0", esx1 + "null]]");
        asks(
                "initiator:set esx1 --iqn iqn.2026-01.new:a",
                "changeInitiator[InitiatorConfig[name=esx1, names=[iqn.2026-01.new:a], addresses=[], chap=null, "
                        + "mutual=null, limits=LimitConfig[iops=1000, bandwidthBytes=104857600, burstMillis=2000]]]");
        assertEquals(
                "Changed initiator spare: any host, limited to 10 commands/s, burst 0s.\n",
                run("initiator:set spare --iops 10 --burst 0s"));
        String list = run("initiator:list");
        assertTrue(list, list.contains("1000 commands/s, 100M/s, burst 2s"));
    }

    @Test
    public void limitsThatMakeNoSenseAreRefused() {
        fails("initiator:set esx1 --iops 9", "--iops is at least 10");
        fails("initiator:set esx1 --iops -5", "--iops is not '-5'");
        fails("initiator:set esx1 --bandwidth 1K", "--bandwidth is at least 1048576");
        fails("initiator:set esx1 --bandwidth fast", "--bandwidth is not 'fast'");
        fails("initiator:set esx1 --burst 11s", "--burst is not '11s'");
        fails("initiator:set spare --burst 2s", "--burst goes with a limit");
        fails("initiator:create db2 --chap db --iops 1", "--iops is at least 10");
    }

    @Test
    public void changesThatMakeNoSenseAreRefused() {
        fails("initiator:set web1", "nothing is to be changed");
        fails("initiator:set web1 --no-chap --chap x", "--no-chap and a CHAP user exclude each other");
        fails("initiator:set web1 --any-iqn --iqn iqn.2026-01.new:a", "--any-iqn and --iqn exclude each other");
        fails("initiator:set web1 --any-address --address 10.0.0.1", "--any-address and --address exclude each other");
        fails("initiator:set web1 --no-mutual --mutual x", "--no-mutual and --mutual exclude each other");
        fails("initiator:set esx1 --secret-file db2.secret", "--secret-file goes with --chap USER");
        fails("initiator:group cluster web1 --add --remove", "--add and --remove exclude each other");
        fails("initiator:group new web1 --add", "there is no group new");
        fails("gateway:security", "nothing is to be changed");
        fails("gateway:security --discovery-chap maybe", "'maybe' is neither on nor off");
        fails("gateway:security --chap-algorithms md4", "'md4' is not an algorithm of CHAP");
        fails("portal:set 127.0.0.1", "nothing is to be changed");
        fails("portal:set 192.0.2.9 --group 2", "there is no portal 192.0.2.9:3260: portal:list shows");
        fails("portal:set 127.0.0.1 --group 0", "portal group 0 is not from 1 to 65535");
        fails("portal:set 127.0.0.1 --announce 192.0.2.9 --no-announce", "--no-announce and --announce exclude");
        fails("portal:set 127.0.0.1 --open-to-all maybe", "'maybe' is neither on nor off");
        fails("target:portals " + TARGET, "name the groups of portals, or --all");
        fails("target:portals " + TARGET + " x", "'x' is not a group of portals: portal:list shows");
        fails("target:redirect " + TARGET, "name either the address to send initiators to, or --off");
        fails("target:redirect " + TARGET + " 192.0.2.2 --off", "name either the address");
        fails("target:allow " + TARGET + " web1 --lun x", "'x' is not a LUN: write 0, or 0=5");
        fails("target:allow " + TARGET + " web1 --lun 16384", "LUN 16384 is not from 0 to 16383");
        fails("target:allow " + TARGET + " web1 --lun 1 --lun 1=0", "web1 would see LUN 1 twice");
    }

    @Test
    public void groups() throws Exception {
        asks(
                "initiator:group new web1 esx1",
                "putInitiatorGroup[InitiatorGroupConfig[name=new, members=[web1, esx1]]]");
        asks(
                "initiator:group cluster spare web1 --add",
                "putInitiatorGroup[InitiatorGroupConfig[name=cluster, members=[esx1, spare, web1]]]");
        asks(
                "initiator:group cluster --remove web1",
                "putInitiatorGroup[InitiatorGroupConfig[name=cluster, members=[esx1]]]");
        asks("initiator:delete cluster", "deleteInitiatorGroup[cluster]");
        asks("initiator:delete web1", "deleteInitiator[web1]");
    }

    @Test
    public void grants() throws Exception {
        asks(
                "target:allow " + TARGET + " web1 --lun 5=0:ro --lun 0 --manage",
                "allow[" + TARGET + ", GrantConfig[initiator=web1, luns=[LunView[lun=0, of=0, readOnly=false], "
                        + "LunView[lun=5, of=0, readOnly=true]], readOnly=false, manage=true]]");
        assertEquals(
                "esx1 may use target " + TARGET
                        + ": all LUNs.\nA host can be esx1 and cluster alike. For such a host what"
                        + " cluster is allowed counts, because that was said first.\n",
                run("target:allow " + TARGET + " esx1"));
        assertEquals(
                "cluster may use target " + TARGET
                        + ": all LUNs, read-only.\nA host can be cluster and web1 alike. For such a"
                        + " host what web1 is allowed counts, because that was said first.\n",
                run("target:allow " + TARGET + " cluster --read-only"));
        asks("target:deny " + TARGET + " web1", "deny[" + TARGET + ", web1, false]");
        asks("target:deny " + TARGET + " web1 --open-to-all", "deny[" + TARGET + ", web1, true]");
    }

    @Test
    public void waysToATarget() throws Exception {
        asks("target:portals " + TARGET + " 2 1", "setTargetPortalGroups[" + TARGET + ", [2, 1]]");
        asks("target:portals " + TARGET + " --all", "setTargetPortalGroups[" + TARGET + ", []]");
        asks("target:access " + TARGET + " standby --group 2", "setPortAccessState[" + TARGET + ", 2, STANDBY]");
        asks(
                "target:redirect " + TARGET + " 192.0.2.2 --permanent",
                "setTargetRedirect[" + TARGET + ", RedirectConfig[address=192.0.2.2:3260, permanent=true]]");
        asks("target:redirect " + TARGET + " --off", "setTargetRedirect[" + TARGET + ", null]");
    }

    @Test
    public void aRefusalOfTheGatewayIsItsOwnLine() {
        gateway.refusal = new ConfigException("target " + TARGET + " is open to everybody: target:allow it first");
        fails("portal:create 192.0.2.1", gateway.refusal.getMessage());
    }

    @Test
    public void security() throws Exception {
        asks(
                "gateway:security --discovery-chap off",
                "setSecurity[SecurityConfig[algorithms=[SHA256, MD5], discoveryChap=false]]");
        asks(
                "gateway:security --chap-algorithms sha3-256,md5",
                "setSecurity[SecurityConfig[algorithms=[SHA3_256, MD5], discoveryChap=true]]");
        assertEquals(
                "CHAP may use sha3-256; discovery asks for it.\n", run("gateway:security --chap-algorithms sha3-256"));
        String status = run("gateway:status");
        assertTrue(status, status.contains("CHAP algorithms     sha256, md5\n"));
        assertTrue(status, status.contains("CHAP for discovery  yes\n"));
    }

    @Test
    public void initiatorsAreListed() throws Exception {
        assertEquals(
                """
                Name     Is                              From          CHAP                           Limit
                web1     iqn.1993-08.org.debian:01:web1  192.0.2.0/24  webuser, the target as sluice  -
                esx1     iqn.1998-01.com.vmware:esx1-*   anywhere      -                              1000 commands/s, 100M/s, burst 2s
                spare    any host                        anywhere      -                              -
                cluster  group of web1, esx1             -             -                              -
                """,
                run("initiator:list"));
        assertEquals(
                """
                Name                 web1
                iSCSI names          iqn.1993-08.org.debian:01:web1
                Comes from           192.0.2.0/24
                CHAP user            webuser
                Target proves to be  sluice
                Limit                none
                Groups               cluster
                May use              iqn.2026-11.io.sluice:disk0: LUN 7=0:ro, may manage it
                                     iqn.2026-11.io.sluice:disk0: all LUNs, read-only, as one of cluster
                Sessions             3 iqn.host 127.0.0.1:9 with iqn.2026-11.io.sluice:disk0
                """,
                run("initiator:info web1"));
        assertTrue(run("initiator:info cluster").contains("Members   web1\n          esx1\n"));
        assertTrue(run("initiator:info spare").contains("May use              nothing\n"));
        fails("initiator:info nobody", "there is no initiator nobody");
    }

    @Test
    public void aTargetSaysForWhomItIs() throws Exception {
        String info = run("target:info " + TARGET);
        for (String line : List.of(
                "Allowed        web1: LUN 7=0:ro, may manage it",
                "               cluster: all LUNs, read-only",
                "Portal groups  1, 2",
                "Ports          number 5 in group 1, active-optimized",
                "               number 6 in group 2, standby")) {
            assertTrue(info, info.contains(line + "\n"));
        }
        gateway.target = gateway.target
                .withGrants(Collections.emptyList())
                .withPortalGroups(List.of())
                .withRedirect(new RedirectConfig("192.0.2.2", false));
        String open = run("target:info " + TARGET);
        assertTrue(open, open.contains("Allowed        nobody was named"));
        assertTrue(open, open.contains("Portal groups  all\n"));
        assertTrue(open, open.contains("Sends to       192.0.2.2:3260, for now\n"));
    }

    @Test
    public void whoCannotSeeALunDoesNotUseIt() throws Exception {
        String line = "lun:list --sessions";
        assertTrue(run(line).contains("iqn.host 127.0.0.1:9 as LUN 7 read-only\n"));
        grant(new GrantConfig("web1", List.of(new LunView(0, 4, false)), false, false));
        assertTrue(run(line).contains("read-write  -\n"));
        grant(new GrantConfig("cluster", List.of(), true, false));
        assertTrue(run(line).contains("iqn.host 127.0.0.1:9 read-only\n"));
        grant(new GrantConfig("web1", List.of(), false, false));
        assertTrue(run(line).contains("iqn.host 127.0.0.1:9\n"));
    }

    private void grant(GrantConfig grant) {
        gateway.target = gateway.target.withGrants(List.of(grant));
    }

    @Test
    public void aSessionSaysHowItWasLetIn() throws Exception {
        assertTrue(run("session:list").contains("web1 (CHAP webuser)"));
        String info = run("session:info 3");
        assertTrue(info, info.contains("Let in as    web1 (CHAP webuser)\n"));
        assertTrue(info, info.contains("             1 127.0.0.1:10 to 127.0.0.1:3260\n"));
    }
}
