package io.sluice.testkit.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The inputs that a harness begins with, kept under {@code src/test/resources/fuzz/NAME}, and mutations of them that are the
 * same in each run: what a build can afford of what {@code bench/fuzz} does for longer.
 */
public final class FuzzCorpus {

    /** Values at which lengths and counts go wrong. */
    private static final int[] EDGES = {0x00, 0x01, 0x3F, 0x7F, 0x80, 0xFE, 0xFF};

    private static final int LONGEST = 4096;

    private final List<byte[]> seeds = new ArrayList<>();
    private final Random random = new Random(1);

    /** A harness: throws what is not declared by what it tries. */
    @FunctionalInterface
    public interface Harness {
        /** Tries one input. */
        void tryOne(byte[] data) throws Exception;
    }

    private FuzzCorpus() {}

    /**
     * Runs a harness over its corpus and over mutations of it. Fails with the input if the harness throws anything.
     *
     * @param beside a class of the module that the corpus is of
     * @param name folder of the corpus
     * @param mutations how many
     */
    public static void run(Class<?> beside, String name, int mutations, Harness harness) throws IOException {
        FuzzCorpus corpus = new FuzzCorpus();
        corpus.load(beside, name);
        for (byte[] seed : corpus.seeds) {
            tryOne(harness, seed);
        }
        for (int i = 0; i < mutations; i++) {
            tryOne(harness, corpus.mutate(corpus.seeds.get(i % corpus.seeds.size())));
        }
    }

    private static void tryOne(Harness harness, byte[] data) {
        try {
            harness.tryOne(data.clone());
        } catch (Throwable found) {
            throw new AssertionError("input " + HexFormat.of().formatHex(data), found);
        }
    }

    private void load(Class<?> beside, String name) throws IOException {
        URL folder = beside.getResource("/fuzz/" + name);
        if (folder == null) {
            throw new IOException("no corpus " + name);
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
        if (seeds.isEmpty()) {
            throw new IOException("corpus " + name + " is empty");
        }
    }

    private byte[] mutate(byte[] seed) {
        byte[] data = seed;
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            data = mutateOnce(data);
        }
        return data;
    }

    private byte[] mutateOnce(byte[] before) {
        byte[] data = before.clone();
        if (data.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(data.length);
        switch (random.nextInt(6)) {
            case 0:
                data[at] ^= (byte) (1 << random.nextInt(8));
                return data;
            case 1:
                data[at] = (byte) random.nextInt();
                return data;
            case 2:
                data[at] = (byte) EDGES[random.nextInt(EDGES.length)];
                return data;
            case 3:
                return Arrays.copyOf(data, at);
            case 4:
                return splice(data, at, Arrays.copyOfRange(data, at, data.length));
            default:
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = other.length == 0 ? 0 : random.nextInt(other.length);
                return splice(data, at, Arrays.copyOfRange(other, from, other.length));
        }
    }

    private static byte[] splice(byte[] data, int at, byte[] inserted) {
        byte[] joined = Arrays.copyOf(data, Math.min(LONGEST, data.length + inserted.length));
        int taken = Math.min(inserted.length, joined.length - at);
        System.arraycopy(inserted, 0, joined, at, taken);
        System.arraycopy(data, at, joined, at + taken, joined.length - at - taken);
        return joined;
    }
}
