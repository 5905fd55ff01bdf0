package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.junit.Test;

public class OptionsFirstTest {

    private static String reorder(String line) {
        return String.join(" ", OptionsFirst.reorder(List.of(line.split(" "))));
    }

    @Test
    public void optionsComeToTheFrontWithTheirValues() {
        assertEquals(
                "target:create --file a.img --size 1G iqn.x:y",
                reorder("target:create iqn.x:y --file a.img --size 1G"));
        assertEquals("lun:map --lun 3 --read-only T B", reorder("lun:map T --lun 3 B --read-only"));
        assertEquals("target:delete --force T", reorder("target:delete T --force"));
        assertEquals("target:list", reorder("target:list"));
        assertEquals("backstore:create -o a=b t n", reorder("backstore:create t n -o a=b"));
        assertEquals("x:y --size", reorder("x:y --size"));
    }

    @Test
    public void everyFlagOfEveryCommandIsKnown() throws Exception {
        Set<String> flags = new TreeSet<>(Set.of("--help"));
        for (Class<?> command : commands()) {
            for (Class<?> type = command; type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    Option option = field.getAnnotation(Option.class);
                    if (option != null && field.getType() == boolean.class) {
                        flags.add(option.name());
                    }
                }
            }
        }
        assertEquals(flags, new TreeSet<>(OptionsFirst.FLAGS));
    }

    /** Returns the classes of all commands. */
    static List<Class<?>> commands() throws IOException, URISyntaxException {
        Path folder = Path.of(
                        OptionsFirst.class.getResource("OptionsFirst.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(folder)) {
            List<Class<?>> commands = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Command.class"))
                    .<Class<?>>map(name -> load("io.sluice.shell." + name.replace(".class", "")))
                    .filter(type -> type.isAnnotationPresent(Command.class))
                    .toList();
            assertFalse(commands.isEmpty());
            return commands;
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
