package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** A backup that is ended while it writes: none of the secrets is left beside the file, or only until the next backup. */
public class BackupKillIT {

    private static final String STAGING = ".sluice-backup.";

    /** Ends the backup that runs it, and goes on with writing, as a program does that nobody has told. */
    private static final String FATAL =
            """
            #!/bin/bash
            PATH=$REAL
            kill -$SIGNAL $PPID
            for ((i = 0; i < 20; i++)); do kill -0 $PPID 2>/dev/null && sleep 0.1 || break; done
            mkdir -p "${2%/*}" && exec tar "$@"
            """;

    /** Kills the backup that runs it, and leaves it at that. */
    private static final String KILL = """
            #!/bin/bash
            kill -KILL $PPID
            """;

    /** Does what it is told. */
    private static final String TAR =
            """
            #!/bin/bash
            PATH=$REAL
            exec tar "$@"
            """;

    /** Somebody is impatient while the folder is removed: a terminal tells all that run in it. */
    private static final String IMPATIENT =
            """
            #!/bin/bash
            PATH=$REAL
            case ${!#} in *.sluice-backup.??????) kill -$SIGNAL $PPID $$ ;; esac
            exec rm "$@"
            """;

    /** Has another backup made while one runs. */
    private static final String ANOTHER =
            """
            #!/bin/bash
            PATH=$REAL
            "$SLUICE" backup "$ANOTHER" >&2 && exec tar "$@"
            """;

    private final Sluice sluice = new Sluice();
    private Path tools;
    private Path folder;
    private Path file;

    @Before
    public void configureWithoutAStart() throws IOException {
        sluice.prepare();
        Files.createDirectories(sluice.etc());
        Files.writeString(sluice.etc().resolve("gateway.json"), "{}\n");
        tools = Files.createDirectories(sluice.folder().resolve("tools"));
        folder = Files.createDirectories(sluice.folder().resolve("it's backed up"));
        file = folder.resolve("sluice.tar.gz");
    }

    @Test
    public void aSignalLeavesNothing() throws IOException {
        List<String> signals = List.of("HUP", "INT", "TERM");
        for (int i = 0; i < signals.size(); i++) {
            Tool.Result ended = backup(FATAL, "SIGNAL=" + signals.get(i));
            assertEquals(ended.output(), List.of(129, 130, 143).get(i).intValue(), ended.exit());
            assertEquals(signals.get(i), List.of(), left());
        }
    }

    @Test
    public void aSecondSignalLeavesNothingEither() throws IOException {
        tool("rm", IMPATIENT);
        for (String signal : List.of("HUP", "INT", "TERM")) {
            backup(FATAL, "SIGNAL=" + signal);
            assertEquals(signal, List.of(), left());
        }
    }

    @Test
    public void whatAKillLeavesIsForNobodyElseAndGoneWithTheNextBackup() throws IOException {
        assertEquals(137, backup(FATAL, "SIGNAL=KILL").exit());
        List<Path> left = left();
        assertEquals(left.toString(), 1, left.size());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(left.get(0))));
        // The program that it ran goes on, and is at work there until it ends.
        Tool.run("flock", "-w", "60", left.get(0).resolve("lock").toString(), "true")
                .expectSuccess();
        sluice.script("backup", file.toString()).expectSuccess();
        assertEquals(List.of(file), left());
    }

    @Test
    public void theFolderOfABackupThatRunsIsLeftAlone() throws IOException {
        Path another = folder.resolve("another.tar.gz");
        backup(ANOTHER, "ANOTHER='" + another.toString().replace("'", "'\\''") + "'")
                .expectSuccess();
        assertEquals(List.of(another, file), left());
    }

    @Test
    public void oneOfAnEarlierReleaseStaysForADay() throws IOException {
        Path old = Files.createDirectory(folder.resolve(STAGING + "aaaaaa"));
        Path fresh = Files.createDirectory(folder.resolve(STAGING + "bbbbbb"));
        Path strange = Files.createDirectory(folder.resolve(STAGING + "of-mine"));
        for (Path one : List.of(old, strange)) {
            Files.writeString(one.resolve("secret"), "something\n");
            age(one);
        }
        sluice.script("backup", file.toString()).expectSuccess();
        assertFalse(Files.exists(old));
        assertTrue("it may be about to be locked", Files.exists(fresh));
        assertTrue("no backup has such a name", Files.exists(strange));
    }

    @Test
    public void oneOfAnotherMachineStaysForADay() throws IOException {
        Path old = Files.createDirectory(folder.resolve(STAGING + "aaaaaa"));
        Path fresh = Files.createDirectory(folder.resolve(STAGING + "bbbbbb"));
        for (Path one : List.of(old, fresh)) {
            Files.writeString(one.resolve("lock"), "elsewhere\n");
        }
        age(old);
        sluice.script("backup", file.toString()).expectSuccess();
        assertFalse(Files.exists(old));
        assertTrue("its lock may be one that is not seen here", Files.exists(fresh));
    }

    @Test
    public void whereNothingCanBeLockedItStaysForADay() throws IOException {
        tool("flock", "#!/bin/bash\nexit 1\n");
        assertEquals(137, backup(KILL, "SIGNAL=KILL").exit());
        List<Path> left = left();
        assertEquals(left.toString(), 1, left.size());
        backup(TAR, "SIGNAL=KILL").expectSuccess();
        assertEquals(List.of(left.get(0), file), left());
        Files.delete(file);
        age(left.get(0));
        backup(TAR, "SIGNAL=KILL").expectSuccess();
        assertEquals(List.of(file), left());
    }

    private static void age(Path folder) throws IOException {
        Files.setLastModifiedTime(
                folder, FileTime.from(Instant.now().minus(Duration.ofDays(1)).minus(Duration.ofMinutes(2))));
    }

    /** Runs a backup with a program of this test for tar; signals end it also where the build was told to ignore them. */
    private Tool.Result backup(String tar, String setting) throws IOException {
        tool("tar", tar);
        return sluice.shell("export REAL=$PATH " + setting + "; PATH='" + tools
                + "':$PATH exec env --default-signal=HUP,INT,TERM \"$SLUICE\" backup '"
                + file.toString().replace("'", "'\\''") + "'");
    }

    private void tool(String name, String script) throws IOException {
        Path program = Files.writeString(tools.resolve(name), script);
        assertTrue(program.toFile().setExecutable(true));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
