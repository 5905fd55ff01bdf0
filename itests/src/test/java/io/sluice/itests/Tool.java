package io.sluice.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user would, with a time limit and all their output. */
public final class Tool {

    private static final long LIMIT_SECONDS = 300;

    private Tool() {}

    /**
     * What became of a program.
     *
     * @param exit its exit status
     * @param output standard output and standard error
     */
    public record Result(int exit, String output) {

        public Result expectSuccess() {
            if (exit != 0) {
                throw new AssertionError("exit status " + exit + ":\n" + output);
            }
            return this;
        }

        public Result expectFailure() {
            if (exit == 0) {
                throw new AssertionError("should have failed:\n" + output);
            }
            return this;
        }

        public List<String> lines() {
            return output.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    public static Result run(String... command) {
        return run(Map.of(), command);
    }

    public static Result run(Map<String, String> environment, String... command) {
        try {
            return finish(start(environment, command), command);
        } catch (IOException missing) {
            throw new AssertionError(
                    command[0] + " cannot be run: install the tools with itests/install-tools", missing);
        }
    }

    /** Runs the same program several times at once and returns when all have ended well. */
    static void runAtOnce(List<String[]> commands) throws IOException {
        List<Running> processes = new ArrayList<>();
        for (String[] command : commands) {
            processes.add(start(Map.of(), command));
        }
        for (int i = 0; i < processes.size(); i++) {
            finish(processes.get(i), commands.get(i)).expectSuccess();
        }
    }

    private record Running(Process process, Path output) {}

    private static Running start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(Path.of("target"), "tool", ".log");
        output.toFile().deleteOnExit();
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
        return new Running(builder.start(), output);
    }

    private static Result finish(Running running, String... command) throws IOException {
        Process process = running.process();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        return new Result(
                process.exitValue(), new String(Files.readAllBytes(running.output()), StandardCharsets.UTF_8));
    }
}
