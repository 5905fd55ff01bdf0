package io.sluice.iscsi.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.connection.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.Test;

/** The file of the server's settings: what it shows, and what a mistake in it costs. */
public final class ServerSettingsFileTest {

    private static Map<String, String> shown() throws IOException {
        return Files.readAllLines(Path.of("../../etc/io.sluice.iscsi.cfg")).stream()
                .filter(line -> line.matches("#\\w+ = .*"))
                .map(line -> line.substring(1).split(" = "))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @Test
    public void theFileShowsTheDefaultsAndNothingElse() throws IOException {
        ServerSettingsFile file = ServerSettingsFile.of(shown());
        assertEquals(ServerSettings.DEFAULTS, file.settings());
        assertTrue(file.problems().toString(), file.problems().isEmpty());
    }

    @Test
    public void everySettingIsShown() throws IOException {
        Map<String, String> wrong = new TreeMap<>();
        shown().keySet().forEach(name -> wrong.put(name, "-1"));
        ServerSettingsFile file = ServerSettingsFile.of(wrong);
        assertEquals("each is read", wrong.size(), file.problems().size());
        assertTrue(file.problems().toString(), file.problems().stream().noneMatch(line -> line.contains("no setting")));
        assertEquals("a component for each setting", ServerSettings.class.getRecordComponents().length, wrong.size());
        assertEquals(ServerSettings.DEFAULTS, file.settings());
    }
}
