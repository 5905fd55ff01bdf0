package io.sluice.itests.powerloss;

import io.sluice.itests.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What tests leave that are killed: gateways, file systems that are mounted in their folders, loop devices on files there, and QEMU that
 * serves these. A folder of an instance has the process of its tests in its name, so it is known whether that has gone.
 */
public final class Leftovers {

    private final Pattern folder;

    /** @param instances where the folders of instances are */
    Leftovers(Path instances) {
        folder = Pattern.compile("(?<![^=\\s])" + Pattern.quote(instances.toString()) + "/\\d+-(\\d+)/\\S*");
    }

    /** Clears what tests of this working copy have left that run no more, and nothing else. */
    public static void clear() throws IOException {
        new Leftovers(Path.of("target", "instances").toAbsolutePath()).clearAll();
    }

    /** Returns the first path in the text that is in the folder of an instance whose tests have gone. */
    Optional<String> left(String text) {
        Matcher matcher = folder.matcher(text);
        while (matcher.find()) {
            if (ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
                return Optional.of(matcher.group());
            }
        }
        return Optional.empty();
    }

    private void clearAll() throws IOException {
        end("java", "-Dkaraf.data=");
        List<String> mounted = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .flatMap(point -> left(point).stream())
                .collect(Collectors.toList());
        // The last one was mounted last, perhaps on a file of one before.
        Collections.reverse(mounted);
        mounted.forEach(point -> Tool.run("umount", "-l", point));
        Tool.run("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE").lines().stream()
                .filter(line -> left(line).isPresent())
                .forEach(line -> Tool.run("losetup", "-d", line.split(" ")[0]));
        end("qemu-storage-daemon", "filename=");
    }

    /** Of the gateway it is looked for the option that names its folder. */
    private void end(String program, String option) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("/" + program))
                        .isPresent())
                .filter(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                        .flatMap(argument -> Stream.of(argument.split(",")))
                        .anyMatch(argument ->
                                argument.startsWith(option) && left(argument).isPresent()))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
