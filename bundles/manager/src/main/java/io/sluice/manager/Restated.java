package io.sluice.manager;

import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.manager.volume.Disk;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a document asks of a backstore is not always what was made of it: a path in the folder of volumes is kept without that, the
 * id of an image is found when the disk is made, and storage that cannot give blocks back is made thick. To ask for the same again
 * is no change, whoever asks for it and be it the document of the gateway itself, as somebody has edited it.
 */
final class Restated {

    private static final String PATH = "path";
    private static final String IMAGE_ID = "imageId";

    private final Function<String, Disk> disks;

    /** @param disks returns the disk of a backstore, or null */
    Restated(Function<String, Disk> disks) {
        this.disks = disks;
    }

    /** Returns what is wanted, in the words of what is there. */
    GatewayConfig of(GatewayConfig wanted, GatewayConfig present) {
        Map<String, BackstoreConfig> known =
                present.backstores().stream().collect(Collectors.toMap(BackstoreConfig::name, store -> store));
        boolean same = wanted.backstores().stream()
                .allMatch(store -> store.equals(of(store, known.getOrDefault(store.name(), store))));
        return same
                ? wanted
                : wanted.withBackstores(wanted.backstores().stream()
                        .map(store -> of(store, known.getOrDefault(store.name(), store)))
                        .toList());
    }

    private BackstoreConfig of(BackstoreConfig wanted, BackstoreConfig old) {
        if (wanted.equals(old) || !wanted.type().equals(old.type())) {
            return wanted;
        }
        BackstoreConfig said = wanted;
        if (samePath(wanted.options().get(PATH), old.options().get(PATH))) {
            said = said.withOption(PATH, old.options().get(PATH));
        }
        String image = old.options().get(IMAGE_ID);
        if (image != null && !said.options().containsKey(IMAGE_ID)) {
            BackstoreConfig identified = said.withOption(IMAGE_ID, image);
            said = identified.options().equals(old.options()) ? identified : said;
        }
        return said.thin() && !old.thin() && cannotBeThin(old.name())
                ? said.toBuilder().thin(false).unmap(false).thresholdPercent(0).build()
                : said;
    }

    private boolean cannotBeThin(String name) {
        Disk disk = disks.apply(name);
        return disk != null && disk.isOpen() && !disk.can(Unmap.class);
    }

    private static boolean samePath(String one, String other) {
        try {
            return one != null
                    && other != null
                    && volumes()
                            .resolve(one)
                            .normalize()
                            .equals(volumes().resolve(other).normalize());
        } catch (InvalidPathException neither) {
            return false;
        }
    }

    /** Where relative paths begin. */
    private static Path volumes() {
        String base = System.getProperty("karaf.base");
        return Path.of(System.getProperty("sluice.volumes", base == null ? "" : base + "/volumes"))
                .toAbsolutePath()
                .normalize();
    }
}
