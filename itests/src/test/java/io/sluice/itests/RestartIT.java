package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** What a user has made and written is there after the process was killed. */
public class RestartIT {

    @Rule
    public final Sluice sluice = new Sluice().light();

    @Test
    public void dataTargetsAndIdentitiesSurviveAKill() throws IOException {
        sluice.console("target:create " + Sluice.TARGET + " --file disk.img --size 64M");
        String targets = sluice.console("target:list --json");
        String unit = identity();
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 8M", "-c", "flush", sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
        sluice.kill();
        sluice.start().expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 0 8M", sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
        assertEquals(targets, sluice.console("target:list --json"));
        assertEquals(unit, identity());
    }

    private String identity() throws IOException {
        String info = sluice.console("backstore:info disk --json");
        Matcher found = Pattern.compile("\"naa\":\"6[0-9a-f]{31}\",\"serialNumber\":\"[0-9a-f]{16}\"")
                .matcher(info);
        assertTrue(info, found.find());
        return found.group();
    }

    @Test
    public void aTornConfigurationIsReportedAndLeftAlone() throws IOException {
        sluice.console("target:create " + Sluice.TARGET + " --file disk.img --size 64M");
        sluice.console("target:disable " + Sluice.TARGET);
        sluice.stop().expectSuccess();
        Path file = sluice.etc().resolve("gateway.json");
        String whole = Files.readString(file);
        String torn = whole.substring(0, whole.length() / 2);
        Files.writeString(file, torn);
        Tool.Result start = sluice.start().expectFailure();
        assertEquals(start.output(), 1, start.lines().size());
        assertTrue(start.output(), start.output().contains("gateway.json is not valid"));
        assertTrue(start.output(), start.output().contains("copy gateway.json.last-good over it"));
        assertEquals("the torn file is not replaced", torn, Files.readString(file));
        Files.copy(sluice.etc().resolve("gateway.json.last-good"), file, StandardCopyOption.REPLACE_EXISTING);
        sluice.start().expectSuccess();
        assertTrue(sluice.console("target:list").contains(Sluice.TARGET));
    }

    @Test
    public void aMissingConfigurationIsReportedToo() throws IOException {
        sluice.console("target:create " + Sluice.TARGET);
        sluice.console("target:disable " + Sluice.TARGET);
        sluice.stop().expectSuccess();
        Path file = sluice.etc().resolve("gateway.json");
        Files.delete(file);
        Tool.Result start = sluice.start().expectFailure();
        assertTrue(start.output(), start.output().contains("gateway.json is missing"));
        assertFalse(Files.exists(file));
    }
}
