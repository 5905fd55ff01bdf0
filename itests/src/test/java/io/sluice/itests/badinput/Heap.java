package io.sluice.itests.badinput;

import io.sluice.itests.Tool;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of a process, without what is forgotten. */
final class Heap {

    private static final Pattern USED = Pattern.compile("used (\\d+)([KM])");

    private Heap() {}

    static long usedKiB(long pid) {
        jcmd(pid, "GC.run");
        long used = 0;
        for (String line : jcmd(pid, "GC.heap_info").lines()) {
            Matcher figures = USED.matcher(line);
            if (!line.contains("Metaspace") && !line.contains("class space") && figures.find()) {
                used += Long.parseLong(figures.group(1)) << (figures.group(2).equals("M") ? 10 : 0);
            }
        }
        if (used == 0) {
            throw new AssertionError("jcmd says nothing of the heap");
        }
        return used;
    }

    private static Tool.Result jcmd(long pid, String command) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return Tool.run(jcmd, Long.toString(pid), command).expectSuccess();
    }
}
