package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.impl.console.CommandsCompleter;
import org.apache.karaf.shell.impl.console.parsing.KarafParser;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What TAB offers, by the parser and the completer of Karaf's console. */
public class CompletionTest {

    private static final String TARGET = OneOfEverything.TARGET;

    @Rule
    public final TemporaryFolder volumes = new TemporaryFolder();

    @Rule
    public final SecretFiles secrets = new SecretFiles();

    private final FakeGateway gateway = new FakeGateway();
    private String volumesBefore;

    @Before
    public void fillVolumes() throws Exception {
        volumesBefore = System.getProperty("sluice.volumes");
        System.setProperty("sluice.volumes", volumes.getRoot().toString());
        Path root = volumes.getRoot().toPath();
        Files.createFile(root.resolve("a.img"));
        Files.createFile(root.resolve(".hidden"));
        Files.createDirectories(root.resolve("more"));
        Files.createFile(root.resolve("more/b.img"));
    }

    @After
    public void restoreVolumes() {
        if (volumesBefore == null) {
            System.clearProperty("sluice.volumes");
        } else {
            System.setProperty("sluice.volumes", volumesBefore);
        }
    }

    /** Returns what fits in a line where the cursor is, which {@code |} stands for; sorted, with what the console adds. */
    private List<Candidate> candidates(String typed) {
        int cursor = typed.indexOf('|');
        String line = typed.replace("|", "");
        ParsedLine parsed = new KarafParser(gateway.session()).parse(line, cursor, ParseContext.COMPLETE);
        List<Candidate> candidates = new ArrayList<>();
        new CommandsCompleter(factory(), gateway.session()).complete(null, parsed, candidates);
        return candidates.stream()
                .filter(candidate -> candidate.value().startsWith(parsed.word()))
                .sorted()
                .toList();
    }

    private SessionFactory factory() {
        Registry registry = gateway.session().getRegistry();
        return (SessionFactory) Proxy.newProxyInstance(
                SessionFactory.class.getClassLoader(),
                new Class<?>[] {SessionFactory.class},
                (proxy, method, arguments) -> registry);
    }

    private List<String> values(String typed) {
        return candidates(typed).stream().map(Candidate::value).toList();
    }

    private void offers(String typed, String... values) {
        assertEquals(typed, List.of(values), values(typed));
    }

    private String description(String typed) {
        List<Candidate> found = candidates(typed);
        assertEquals(typed, 1, found.size());
        return found.get(0).descr();
    }

    @Test
    public void commandsByBothNames() {
        offers("target:cr|", "target:create");
        offers("crea|", "create");
        offers("ena|", "enable");
        offers("  lun:u|", "lun:unmap");
        offers("target:list; lun:u|", "lun:unmap");
        assertEquals("Lets initiators log in to a target", description("target:ena|"));
        assertTrue(values("|").containsAll(List.of("gateway:status", "lun:list", "session:close")));
    }

    @Test
    public void argumentsByTheirPlace() {
        offers("target:info |", TARGET);
        offers("target:info iqn|", TARGET);
        offers("target:info iqn.20|26", TARGET);
        offers("info |", "disk0");
        offers("lun:map |", TARGET);
        offers("lun:map " + TARGET + " |", "disk0");
        offers("lun:map --lun 3 " + TARGET + " |", "disk0");
        offers("lun:map --lun=3 --read-only " + TARGET + " |", "disk0");
        offers("lun:map | disk0", TARGET);
        offers("lun:map " + TARGET + " | --read-only", "disk0");
        offers("target:access " + TARGET + " active|", "active-non-optimized", "active-optimized");
        offers("target:list; target:info |", TARGET);
        offers("backstore:create |", "file");
        offers("portal:delete |", "127.0.0.1:3260");
        offers("session:close |", "3");
        offers("token:revoke |", "backup", "monitor");
        offers("trace:start --slower-than |", "10m", "1s", "5ms");
        offers("token:create new --role |", "admin", "operator", "viewer");
        offers("backstore:resize disk0 10|", "100G", "10G");
        assertEquals("iqn.host", description("session:info |"));
        assertEquals("file, online", description("backstore:info |"));
        assertEquals("1 LUN", description("target:delete |"));
        assertEquals("files", description("backstore:create |"));
    }

    @Test
    public void lunsOfTheTargetThatTheLineNames() {
        offers("lun:unmap " + TARGET + " |", "0");
        offers("trace:start --target " + TARGET + " --lun |", "0");
        offers("trace:start --lun | --target=" + TARGET, "0");
        assertEquals("disk0", description("lun:unmap " + TARGET + " |"));
        offers("lun:map " + TARGET + " disk0 --lun |", "1", "2", "3");
        offers("lun:map " + TARGET + " disk0 --lun=|", "--lun=1", "--lun=2", "--lun=3");
        offers("lun:map --lun | " + TARGET + " disk0", "1", "2", "3");
        offers("lun:unmap nonsense |", "--force", "--help");
    }

    @Test
    public void optionsThatAreNotThereYet() {
        offers("lun:map " + TARGET + " disk0 |", "--help", "--lun", "--read-only");
        offers("lun:map --read-only --|", "--help", "--lun");
        offers("lun:map --| --read-only", "--help", "--lun");
        offers("lun:list --se|", "--sessions");
        offers("lun:list |", "--help", "--json", "--sessions", TARGET);
        offers("lun:map " + TARGET + " -- --|");
        offers("backstore:create file d -o a=b -|o", "-o");
        assertEquals("Shows too which initiators can use each", description("lun:list --se|"));
    }

    @Test
    public void valuesOfOptions() {
        offers("target:create iqn.x:y --backstore |", "disk0");
        offers("target:create iqn.x:y --backstore disk0 --backstore |", "disk0");
        offers("target:create iqn.x:y --backstore=d|", "--backstore=disk0");
        offers("backstore:create file d --block-size |", "4096", "512");
        offers("backstore:create file d --size |", "100G", "10G", "1G", "1T");
        offers("backstore:create file d --threshold |", "80", "90");
    }

    @Test
    public void filesFromTheVolumesFolder() {
        offers("backstore:create file d --path |", "a.img", "more/");
        offers("backstore:create file d --path=|", "--path=a.img", "--path=more/");
        offers("backstore:create file d --path more/|", "more/b.img");
        offers("backstore:create file d --path .|", ".hidden");
        offers("target:create iqn.x:y --file nowhere/|");
        offers("target:create iqn.x:y --file " + volumes.getRoot() + "/a|", volumes.getRoot() + "/a.img");
        assertTrue(
                "a file ends a word",
                candidates("target:create n --file a|").get(0).complete());
        assertFalse(
                "a folder goes on",
                candidates("target:create n --file m|").get(0).complete());
    }

    @Test
    public void layersOfADisk() {
        offers("backstore:layer |", "add", "remove", "set");
        offers("backstore:layer add |", "disk0");
        offers("backstore:layer add disk0 |", "limit");
        offers("backstore:layer add disk0 limit |", "--format", "--help", "iops=", "key=");
        offers("backstore:layer add disk0 limit iops=5 key=|", "key=a.img", "key=more/");
        offers("backstore:layers |", "--help", "--json", "--types", "disk0");
    }

    @Test
    public void settingsOfTheKindThatTheLineNames() {
        offers("backstore:create file d -o |", "key=", "now=", "path=");
        offers("backstore:create -o | file d", "key=", "now=", "path=");
        offers("backstore:create file d --option=p|", "--option=path=");
        offers("backstore:create file d -o path=|", "path=a.img", "path=more/");
        offers("backstore:create file d -o now=|", "now=false", "now=true");
        offers("backstore:create file d -o now=t|", "now=true");
        offers("backstore:create tape d -o |");
        assertEquals("where", description("backstore:create file d -o pa|"));
        assertFalse(
                "the value follows",
                candidates("backstore:create file d -o pa|").get(0).complete());
    }

    @Test
    public void whoMayUseWhat() {
        offers("initiator:info |", "cluster", "esx1", "spare", "web1");
        offers("initiator:set |", "esx1", "spare", "web1");
        offers("initiator:delete c|", "cluster");
        offers("initiator:group |", "cluster");
        offers("initiator:group cluster |", "esx1", "spare", "web1");
        offers("initiator:group cluster web1 |", "esx1", "spare", "web1");
        offers("initiator:create new --iqn |", "iqn.host");
        offers("initiator:create new --iops |", "10000", "2000", "500");
        offers("initiator:set web1 --iops |", "10000", "2000", "500");
        offers("initiator:set web1 --bandwidth 10|", "100M", "10M");
        offers("initiator:set web1 --burst |", "100ms", "2s");
        offers("initiator:create new --address |", "127.0.0.1");
        offers("initiator:create new --chap new --secret-file |", "db2.secret", "sluice.secret");
        offers("target:allow |", TARGET);
        offers("target:allow " + TARGET + " |", "cluster", "esx1", "spare", "web1");
        offers("target:allow " + TARGET + " web1 --lun |", "0");
        offers("target:allow " + TARGET + " web1 --lun 5=|", "5=0");
        offers("target:allow " + TARGET + " web1 --lun=5=|", "--lun=5=0");
        offers("target:deny " + TARGET + " |", "cluster", "web1");
        offers("target:deny nonsense |", "--help", "--open-to-all");
        assertEquals("group of web1, esx1", description("target:deny " + TARGET + " c|"));
        assertEquals("iqn.1993-08.org.debian:01:web1", description("initiator:info w|"));
    }

    @Test
    public void waysAndSecurity() {
        offers("target:portals " + TARGET + " |", "--all", "--help", "2");
        offers("target:access " + TARGET + " standby --group |", "2");
        offers("portal:create 127.0.0.1 --group |", "2");
        offers("portal:set |", "127.0.0.1:3260");
        offers("portal:set 127.0.0.1:3260 --group |", "2");
        offers("portal:set 127.0.0.1:3260 --open-to-all |", "off", "on");
        offers("gateway:stats --backstore |", "disk0");
        offers("gateway:security --discovery-chap |", "off", "on");
        offers("gateway:security --chap-algorithms |", "md5", "sha1", "sha256", "sha3-256");
        offers("gateway:security --chap-algorithms sha256,m|", "sha256,md5");
        offers(
                "gateway:security --chap-algorithms=sha256,|",
                "--chap-algorithms=sha256,md5",
                "--chap-algorithms=sha256,sha1",
                "--chap-algorithms=sha256,sha3-256");
        assertEquals("127.0.0.1:3260", description("target:access " + TARGET + " standby --group |"));
    }

    @Test
    public void anAddressWithBracketsIsQuoted() {
        gateway.portal = "[::1]:3260";
        offers("portal:delete |", "\"[::1]:3260\"");
        offers("portal:delete \"|", "[::1]:3260");
        offers("portal:delete \"[::|", "[::1]:3260");
    }

    @Test
    public void anOpenQuoteDoesNotLoseTheLine() throws Exception {
        Terminal terminal = new ExternalTerminal(
                "test",
                "ansi",
                new ByteArrayInputStream("target:info \"iqn\t\r".getBytes(StandardCharsets.UTF_8)),
                OutputStream.nullOutputStream(),
                StandardCharsets.UTF_8);
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new KarafParser(gateway.session()))
                .completer(new CommandsCompleter(factory(), gateway.session()))
                .build();
        gateway.values.put(".jline.reader", reader);
        assertEquals("target:info \"" + TARGET + "\" ", reader.readLine());
    }

    @Test
    public void nothingForOthers() {
        offers("shell:info |");
        offers("unknown |");
    }
}
