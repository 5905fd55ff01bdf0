package io.sluice.manager.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.config.GatewayConfig;
import io.sluice.management.Revision;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Revisions of the configuration, each in a file: a line of JSON that says who and why, with a checksum of itself and of the rest, and
 * the document. So a list of them reads a line of each. Guarded by its owner.
 */
public final class HistoryFiles {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern NAME = Pattern.compile("([0-9]{1,9})\\.json");
    private static final String DOCUMENT = "document";
    private static final String CHECKSUM = "checksum";

    /** More than the longest line that is written. */
    private static final int MOST_LINE = 1 << 20;

    private final Path folder;
    private final FileCalls calls;
    private final AtomicFiles files;

    /** @param folder made when the first revision is kept */
    public HistoryFiles(Path folder) {
        this(folder, FileCalls.MACHINE);
    }

    HistoryFiles(Path folder, FileCalls calls) {
        this.folder = folder.toAbsolutePath();
        this.calls = calls;
        this.files = new AtomicFiles(calls);
    }

    /**
     * What there is.
     *
     * @param revisions by their numbers
     * @param damaged why others cannot be read, one line each with what to do, by their numbers
     */
    public record Found(TreeMap<Integer, Revision> revisions, Map<Integer, String> damaged) {}

    /** Returns a number by which two documents of different configurations differ, but for very few. */
    public static String digest(GatewayConfig config) {
        return checksum(ConfigJson.writeWhole(config, false));
    }

    /** Keeps a revision; returns when it is on stable storage. */
    public void save(Revision revision, GatewayConfig config) throws IOException {
        byte[] document = ConfigJson.writeWhole(config, false);
        ObjectNode head = MAPPER.createObjectNode()
                .put("number", revision.number())
                .put("when", revision.when().toString())
                .put("who", revision.who())
                .put("why", revision.why())
                .put(DOCUMENT, checksum(document));
        revision.lines().forEach(head.putArray("lines")::add);
        head.put(CHECKSUM, checksum(bytes(head)));
        byte[] line = (head + "\n").getBytes(StandardCharsets.UTF_8);
        files.replace(file(revision.number()), ByteBuffer.wrap(line), ByteBuffer.wrap(document));
    }

    private Path file(int number) {
        return folder.resolve(number + ".json");
    }

    /** Forgets a revision, if there is one. */
    public void delete(int number) throws IOException {
        files.delete(file(number));
    }

    /** Returns which revisions there are. */
    public Found list() throws IOException {
        Found found = new Found(new TreeMap<>(), new TreeMap<>());
        for (Path file : calls.exists(folder) ? calls.list(folder) : List.<Path>of()) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                int number = Integer.parseInt(name.group(1));
                try {
                    found.revisions().put(number, revision(head(file), number));
                } catch (IOException damaged) {
                    found.damaged().put(number, damaged(file, damaged));
                }
            }
        }
        return found;
    }

    private static String damaged(Path file, IOException why) {
        return "revision " + file + " cannot be read: " + why.getMessage() + "; remove it";
    }

    /** Returns the document of a revision. */
    public String document(int number) throws IOException {
        Path file = file(number);
        try {
            ObjectNode head = head(file);
            byte[] all = calls.read(file);
            int begin = 0;
            while (begin < all.length && all[begin] != '\n') {
                begin++;
            }
            byte[] document = Arrays.copyOfRange(all, Math.min(begin + 1, all.length), all.length);
            if (!checksum(document).equals(head.path(DOCUMENT).asText())) {
                throw new IOException("its checksum is wrong");
            }
            return new String(document, StandardCharsets.UTF_8) + "\n";
        } catch (IOException failed) {
            throw new IOException(damaged(file, failed), failed);
        }
    }

    /** Returns the digest of the document of a revision, without reading that; empty if it cannot be read. */
    public String digest(int number) {
        try {
            return head(file(number)).path(DOCUMENT).asText();
        } catch (IOException damaged) {
            return "";
        }
    }

    private static ObjectNode head(Path file) throws IOException {
        try {
            if (Files.isRegularFile(file) && MAPPER.readTree(line(file)) instanceof ObjectNode head) {
                JsonNode expected = head.remove(CHECKSUM);
                if (expected != null && expected.asText().equals(checksum(bytes(head)))) {
                    return head;
                }
            }
            throw new IOException("its checksum is wrong");
        } catch (JsonProcessingException torn) {
            throw new IOException("it is not whole", torn);
        }
    }

    private static byte[] line(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0 && next != '\n' && line.size() < MOST_LINE; next = in.read()) {
                line.write(next);
            }
            return line.toByteArray();
        }
    }

    private static Revision revision(ObjectNode head, int number) throws IOException {
        List<String> lines = new ArrayList<>();
        head.path("lines").forEach(line -> lines.add(line.asText()));
        if (head.path("number").asInt() != number) {
            throw new IOException("it has the name of another one");
        }
        try {
            return new Revision(
                    number,
                    Instant.parse(head.path("when").asText()),
                    head.path("who").asText(),
                    head.path("why").asText(),
                    lines);
        } catch (DateTimeException wrong) {
            throw new IOException("its time is none", wrong);
        }
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return String.format("%08x", checksum.getValue());
    }
}
