package io.sluice.manager.document;

import static io.sluice.manager.document.ConfigFileTest.FULL;
import static io.sluice.manager.document.ConfigFileTest.IDENTITY;
import static io.sluice.manager.document.ConfigFileTest.SHORT;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A document that somebody edits while it is in use. */
public class DraftTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private Path lastGood;

    @Before
    public void choosePath() {
        path = folder.getRoot().toPath().resolve("gateway.json");
        lastGood = folder.getRoot().toPath().resolve("gateway.json.last-good");
    }

    private ConfigFile saved(GatewayConfig config) throws ConfigException {
        ConfigFile file = new ConfigFile(path);
        file.load();
        file.save(config);
        return file;
    }

    @Test
    public void aDraftKeepsWhatItLeavesOutOfWhatThereIs() throws Exception {
        ConfigFile file = saved(FULL);
        assertEquals("nobody has changed it", Optional.empty(), file.draft(FULL));
        Files.writeString(
                path,
                "{\"version\": 1, \"backstores\": [{\"name\": \"cd\", \"type\": \"memory\", \"sizeBytes\": 8192},"
                        + "{\"name\": \"disk0\", \"type\": \"memory\", \"sizeBytes\": 8192}]}");
        ConfigFile.Draft draft = file.draft(FULL).orElseThrow();
        assertEquals(
                FULL.backstores().get(1).withSizeBytes(8192),
                draft.config().backstore("cd").orElseThrow());
        BackstoreConfig other = draft.config().backstore("disk0").orElseThrow();
        assertNotEquals("another type is another disk", IDENTITY, other.identity());
        assertEquals(0, other.thresholdPercent());
        file.save(draft.config(), draft);
        assertEquals(draft.config(), new ConfigFile(path).load());
        assertEquals("the one before", FULL, new ConfigFile(lastGood).load());
    }

    @Test
    public void aDraftThatIsChangedAgainIsLeftAlone() throws Exception {
        ConfigFile file = saved(FULL);
        Files.writeString(path, SHORT);
        ConfigFile.Draft draft = file.draft(FULL).orElseThrow();
        Files.writeString(path, SHORT + " ");
        ConfigException refused = assertThrows(ConfigException.class, () -> file.save(draft.config(), draft));
        assertEquals(
                path + " was changed by someone else and is left as it is: use gateway:apply once more",
                refused.getMessage());
        assertEquals(SHORT + " ", Files.readString(path));
    }

    @Test
    public void aDraftThatCannotBeSavedStaysAsItIs() throws Exception {
        ConfigFile file = saved(FULL);
        Files.writeString(path, SHORT);
        ConfigFile.Draft draft = file.draft(FULL).orElseThrow();
        Files.createDirectories(folder.getRoot().toPath().resolve(".gateway.json.new/in the way"));
        assertThrows(ConfigException.class, () -> file.save(draft.config(), draft));
        assertEquals(SHORT, Files.readString(path));
    }

    @Test
    public void aTornOrMissingDraftChangesNothing() throws Exception {
        ConfigFile file = saved(FULL);
        Files.writeString(path, "{\n\"version\": 1,\n\"portals\": [\"a\"\n");
        ConfigException torn = assertThrows(ConfigException.class, () -> file.draft(FULL));
        assertTrue(torn.getMessage(), torn.getMessage().startsWith(path + " is not valid: line 4, column "));
        assertTrue(torn.getMessage(), torn.getMessage().endsWith(", and nothing was changed"));
        Files.delete(path);
        ConfigException missing = assertThrows(ConfigException.class, () -> file.draft(FULL));
        assertEquals(path + " is missing, and nothing was changed", missing.getMessage());
    }
}
