package io.sluice.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A browser without a window, which walks through the web page; itests/web/walk.mjs has the steps. */
final class Browser implements AutoCloseable {

    private static final long LIMIT_SECONDS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer steps;
    private final BufferedReader answers;

    Browser() throws IOException {
        Path web = Path.of("web");
        if (!Files.exists(web.resolve("node_modules")) || !Files.exists(Path.of("/usr/bin/chromium"))) {
            throw new AssertionError("the browser cannot be run: install the tools with itests/install-tools");
        }
        ProcessBuilder builder = new ProcessBuilder("node", "walk.mjs").directory(web.toFile());
        builder.redirectError(Path.of("target", "browser.log").toFile());
        process = builder.start();
        steps = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Does a step with what it needs, as names and values in turn, and returns what it has seen. */
    JsonNode does(String step, Object... named) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("do", step);
        for (int i = 0; i < named.length; i += 2) {
            line.put((String) named[i], named[i + 1]);
        }
        steps.write(JSON.writeValueAsString(line) + "\n");
        steps.flush();
        JsonNode answer = JSON.readTree(answer(step));
        if (answer.has("failed")) {
            throw new AssertionError(line + ": " + answer.path("failed").asText());
        }
        return answer.path("answer");
    }

    private String answer(String step) {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return answers.readLine();
            } catch (IOException ended) {
                throw new UncheckedIOException(ended);
            }
        });
        try {
            String answer = line.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError(step + ": the browser has ended, see itests/target/browser.log");
            }
            return answer;
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            throw new AssertionError(step + ": the browser does not answer, see itests/target/browser.log", failed);
        }
    }

    @Override
    public void close() throws IOException {
        steps.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
