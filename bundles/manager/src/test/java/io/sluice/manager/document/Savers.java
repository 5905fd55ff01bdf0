package io.sluice.manager.document;

import io.sluice.backstore.Secret;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.scsi.UnitState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Everything that the gateway saves, each once as the first of its kind and once in place of something older. */
final class Savers {

    private static final Path DOCUMENT = SaverTrial.FOLDER.resolve("gateway.json");
    private static final Path LAST_GOOD = SaverTrial.FOLDER.resolve("gateway.json.last-good");
    private static final Path SECRETS = SaverTrial.FOLDER.resolve("secrets");
    private static final Path STATE_ID = SaverTrial.FOLDER.resolve("state/folder-id");
    private static final String SECRET = "web1.chap";
    private static final byte[] DATA = new byte[4096];

    private static final String REGISTER = "5f 00 00 00 00 00 00 00 18 00";
    private static final String RESERVE = "5f 01 05 00 00 00 00 00 18 00";
    private static final String RELEASE = "5f 02 05 00 00 00 00 00 18 00";
    private static final String CLEAR = "5f 03 00 00 00 00 00 00 18 00";

    private Savers() {}

    static List<SaverTrial> all() {
        List<SaverTrial> all = new ArrayList<>();
        all.addAll(units());
        all.addAll(intents());
        all.addAll(documents());
        all.addAll(secrets());
        all.addAll(marks());
        return all;
    }

    private static void nothing(FileCalls calls) {}

    /** Commands, each of which has to end with GOOD, to a unit that begins with what is saved. */
    private static SaverTrial.Save commands(Object... cdbsAndData) {
        return calls -> {
            ServedUnit unit = new ServedUnit(calls);
            for (int i = 0; i < cdbsAndData.length; i += 2) {
                unit.send((String) cdbsAndData[i], (byte[]) cdbsAndData[i + 1]);
            }
        };
    }

    private static SaverTrial unit(String name, SaverTrial.Save earlier, SaverTrial.Save save) {
        return new SaverTrial(
                name, earlier, save, calls -> ServedUnit.files(calls).load());
    }

    private static List<SaverTrial> units() {
        byte[] first = ServedUnit.reserveOut(0, 7, true);
        byte[] key = ServedUnit.reserveOut(7, 0, false);
        byte[] modes = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a 00 10 00 40 00 00 ff ff 00 00");
        return List.of(
                unit("the first registration", Savers::nothing, commands(REGISTER, first)),
                unit("a reservation", commands(REGISTER, first), commands(RESERVE, key)),
                unit("a release", commands(REGISTER, first, RESERVE, key), commands(RELEASE, key)),
                unit("a clear", commands(REGISTER, first, RESERVE, key), commands(CLEAR, key)),
                unit(
                        "a registration that is to be forgotten",
                        commands(REGISTER, first),
                        commands(REGISTER, ServedUnit.reserveOut(7, 8, false))),
                unit("saved mode pages", commands(REGISTER, first), commands("15 11 00 00 10 00", modes)),
                unit(
                        "identifying information",
                        Savers::nothing,
                        commands("a4 06 00 00 00 00 00 00 00 02 04 00", new byte[] {65, 66})));
    }

    private static void done(CompletionStage<Void> saved) throws Exception {
        try {
            saved.toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw new Exception(failed.getCause());
        }
    }

    private static SaverTrial intent(String name, SaverTrial.Save earlier, SaverTrial.Save save) {
        return new SaverTrial(name, earlier, save, calls -> ServedUnit.files(calls).loadIntents().stream()
                .map(intent -> intent.id() + " at " + intent.lba() + " " + intent.data())
                .sorted()
                .toList());
    }

    private static List<SaverTrial> intents() {
        ByteBuffer[] data = {ByteBuffer.wrap(DATA, 0, 1024), ByteBuffer.wrap(DATA, 1024, 1024)};
        SaverTrial.Save one = calls -> done(ServedUnit.files(calls).saveIntent(1, 8, data));
        SaverTrial.Save two = calls -> done(ServedUnit.files(calls).saveIntent(2, 16, data));
        SaverTrial.Save clear = calls -> done(ServedUnit.files(calls).clearIntent(1));
        SaverTrial.Save state = calls -> done(ServedUnit.files(calls).save(UnitState.NEW));
        return List.of(
                intent("the first write that is kept aside", Savers::nothing, one),
                intent("another write that is kept aside", one, two),
                intent("a write that is let go", one, clear).removal(),
                intent(
                                "a unit that is forgotten",
                                calls -> {
                                    state.perform(calls);
                                    one.perform(calls);
                                    two.perform(calls);
                                },
                                calls -> ServedUnit.files(calls).delete())
                        .removalOfMany());
    }

    private static SaverTrial.Save save(GatewayConfig config) {
        return calls -> {
            ConfigFile file = new ConfigFile(DOCUMENT, calls);
            file.load();
            file.save(config);
        };
    }

    private static Object document(FileCalls calls) throws Exception {
        if (calls.exists(LAST_GOOD)) {
            ConfigJson.read(calls.read(LAST_GOOD), GatewayConfig.EMPTY);
        }
        return new ConfigFile(DOCUMENT, calls).load();
    }

    private static GatewayConfig withPorts() {
        return ConfigFileTest.FULL.withTargets(ConfigFileTest.FULL.targets().stream()
                .map(target -> target.withPorts(
                        List.of(new TargetPortConfig(1, target.luns().isEmpty() ? 2 : 1, null))))
                .toList());
    }

    private static List<SaverTrial> documents() {
        SaverTrial.Save edited = calls -> write(calls, DOCUMENT, ConfigFileTest.SHORT);
        SaverTrial.Load identities = calls ->
                !ConfigJson.read(calls.read(DOCUMENT), GatewayConfig.EMPTY).drawn();
        return List.of(
                new SaverTrial("the first configuration", Savers::nothing, save(ConfigFileTest.FULL), Savers::document),
                new SaverTrial(
                        "the next configuration",
                        save(ConfigFileTest.FULL),
                        save(GatewayConfig.EMPTY),
                        Savers::document),
                new SaverTrial("numbers of ports", save(ConfigFileTest.FULL), save(withPorts()), Savers::document),
                new SaverTrial(
                        "an identity that was left out",
                        edited,
                        calls -> new ConfigFile(DOCUMENT, calls).load(),
                        identities),
                new SaverTrial("what somebody has edited", save(ConfigFileTest.FULL), Savers::applied, Savers::raw));
    }

    /** The document is edited while the gateway runs, and then taken over. */
    private static void applied(FileCalls calls) throws Exception {
        ConfigFile file = new ConfigFile(DOCUMENT, calls);
        GatewayConfig present = file.load();
        BackstoreConfig smaller = present.backstores().get(1).withSizeBytes(2048);
        ConfigFile.Draft draft = new ConfigFile.Draft(present, calls.read(DOCUMENT));
        file.save(present.withBackstores(List.of(present.backstores().get(0), smaller)), draft);
    }

    private static Object raw(FileCalls calls) throws Exception {
        return new String(calls.read(DOCUMENT), StandardCharsets.UTF_8);
    }

    private static void write(FileCalls calls, Path file, String text) throws Exception {
        new AtomicFiles(calls).replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<SaverTrial> secrets() {
        SaverTrial.Save first = calls -> keep(calls, "correct horse");
        SaverTrial.Save next = calls -> keep(calls, "battery staple");
        return List.of(
                new SaverTrial("the first secret", Savers::nothing, first, Savers::kept),
                new SaverTrial("another secret", first, next, Savers::kept),
                new SaverTrial("a secret that is removed", first, Savers::forget, Savers::kept).removal());
    }

    private static void keep(FileCalls calls, String secret) throws Exception {
        new SecretFiles(SECRETS, calls)
                .keep(SECRET, new Secret(secret.getBytes(StandardCharsets.UTF_8)), GatewayConfig.EMPTY);
    }

    private static void forget(FileCalls calls) throws Exception {
        SecretFiles files = new SecretFiles(SECRETS, calls);
        files.forget(SECRET);
        if (!files.leftovers().isEmpty()) {
            throw new IOException(files.leftovers().toString());
        }
    }

    /** The old secret and the new one, as far as they are there. */
    private static Object kept(FileCalls calls) throws Exception {
        List<String> found = new ArrayList<>();
        for (String name : List.of(SECRET, SECRET + "-2")) {
            Path file = SECRETS.resolve(name);
            found.add(calls.exists(file) ? new String(calls.read(file), StandardCharsets.UTF_8) : "none");
        }
        return found;
    }

    /** Whether the folder of states is known, and is the one. */
    private static List<SaverTrial> marks() {
        SaverTrial.Save mark = calls -> mark(calls).write();
        SaverTrial.Save another = calls -> {
            mark.perform(calls);
            write(calls, STATE_ID, "another");
        };
        return List.of(
                new SaverTrial(
                        "the mark of a folder of states",
                        Savers::nothing,
                        mark,
                        calls -> known(calls) + ", " + mark(calls).problem().isEmpty()),
                new SaverTrial(
                        "the mark of another folder",
                        another,
                        mark,
                        calls -> known(calls)
                                ? mark(calls).problem().isEmpty()
                                : mark(calls).problem().isPresent()));
    }

    private static StateMark mark(FileCalls calls) {
        return new StateMark(DOCUMENT, STATE_ID.getParent(), calls);
    }

    private static boolean known(FileCalls calls) {
        return calls.exists(DOCUMENT.resolveSibling("gateway.json.state"));
    }
}
