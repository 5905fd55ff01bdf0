package io.sluice.backstore.rbd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** Which image is opened or made, and with which settings: those that could lose data are refused. */
public class ImageSettingsTest extends ImageFixture {

    // Which it is

    @Test
    public void anotherImageOfTheSameNameIsRefused() throws Exception {
        Backstore store = open(config);
        write(store, 0, 1);
        close(store);
        CEPH.rbd("rename", image, image + "old");
        CEPH.rbd("create", "--size", "64M", image);
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is not the one that this disk was made of"));
        assertEquals("nobody has touched it", "", CEPH.rbd("lock", "ls", image).trim());
        refused("leave imageId out to use it", config);
        refused("leave imageId out to make another one", config.withOption("image", image + "new"));
        CEPH.rbd("rename", image, image + "other");
        CEPH.rbd("rename", image + "old", image);
        assertEquals(1, read(open(config), 0));
    }

    /** As configurations of earlier releases name it. */
    @Test
    public void anImageWithoutAnIdIsTheOneOfThatName() throws Exception {
        write(open(asked(SIZE, false)), 0, 1);
    }

    // What it is set to

    @Test
    public void anImageThatOthersCouldWriteIsRefused() throws Exception {
        CEPH.rbd("create", "--size", "32M", "--image-feature", "layering", image + "open");
        BackstoreConfig shared = await(gateway.create(asked(0, false, "image", image + "open"), otherContext));
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(shared, otherContext));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd feature enable"));
        CEPH.rbd("feature", "enable", image + "open", "exclusive-lock");
        Backstore store = open(gateway, shared, otherContext);
        assertNull("without an object map", store.ability(AllocatedSpace.class));
    }

    @Test
    public void settingsOfAnImageThatLoseDataAreRefused() throws Exception {
        CEPH.rbd("config", "image", "set", image, "rbd_cache", "true");
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd_cache = true"));
        CEPH.rbd("config", "image", "rm", image, "rbd_cache");
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_non_blocking_aio", "false");
        try {
            refused = failure(Fault.NOT_READY, gateway.open(config, context));
            assertTrue(refused.getMessage(), refused.getMessage().contains("the pool of image"));
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_non_blocking_aio");
        }
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_persistent_cache_mode", "ssd");
        try {
            refused = failure(Fault.NOT_READY, gateway.open(config, context));
            assertTrue(refused.getMessage(), refused.getMessage().contains("rbd_persistent_cache_mode = ssd"));
            CEPH.rbd("config", "image", "set", image, "rbd_persistent_cache_mode", "disabled");
            open(config);
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_persistent_cache_mode");
        }
    }

    /** What was acknowledged would be on the disk of this host alone. */
    @Test
    public void aCacheOnTheHostIsNotUsedWhateverTheSettingsOfTheClusterSay() throws Exception {
        Path conf = folder.newFile("ceph.conf").toPath();
        Path cache = folder.newFolder("cache").toPath();
        Files.writeString(
                conf,
                Files.readString(CEPH.conf()) + "rbd_plugins = pwl_cache\nrbd_persistent_cache_mode = ssd\n"
                        + "rbd_persistent_cache_path = " + cache + "\n");
        Backstore store = open(config.withOption("conf", conf.toString()));
        write(store, 0, 1);
        assertArrayEquals(new String[0], cache.toFile().list());
        assertFalse(CEPH.rbd("image-meta", "ls", image).contains("cache"));
        assertEquals(1, read(store, 0));
    }

    /** The bit is what the cache of librbd sets in the header of an image. */
    @Test
    public void whatAnotherClientHasInItsCacheIsNotWrittenOver() throws Exception {
        String header = "rbd_header."
                + CEPH.rbd("info", image)
                        .lines()
                        .map(String::trim)
                        .filter(line -> line.startsWith("id: "))
                        .findFirst()
                        .orElseThrow()
                        .substring(4);
        Path features = folder.newFile().toPath();
        CEPH.rados("getomapval", header, "features", features.toString());
        byte[] present = Files.readAllBytes(features);
        present[1] |= 1 << 3;
        Files.write(features, present);
        CEPH.rados("setomapval", header, "features", "--input-file", features.toString());
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd persistent-cache flush"));
        present[1] &= ~(1 << 3);
        Files.write(features, present);
        CEPH.rados("setomapval", header, "features", "--input-file", features.toString());
        open(config);
    }

    // What is asked for

    @Test
    public void imagesAreMadeAsAskedFor() throws Exception {
        String made = image + "made";
        CEPH.rbd("namespace", "create", "--namespace", made);
        await(gateway.create(
                asked(
                        SIZE,
                        false,
                        "image",
                        made,
                        "namespace",
                        made,
                        "objectSize",
                        "1M",
                        "features",
                        "layering,exclusive-lock"),
                context));
        String info = CEPH.rbd("info", "rbd/" + made + "/" + made);
        assertTrue(info, info.contains("order 20") && info.contains("features: layering, exclusive-lock\n"));
    }

    @Test
    public void whatCannotBeMadeIsSaidInOneLine() {
        refused("exists and has 67108864 bytes", asked(2 * SIZE, false));
        refused("add --size", asked(0, false, "image", "nothing"));
        refused("the pool none cannot be used", asked(SIZE, false, "pool", "none"));
        refused("/nowhere/ceph.conf, cannot be read", asked(SIZE, false, "conf", "/nowhere/ceph.conf"));
        refused("there is no", asked(0, true, "snapshot", "never"));
    }

    private void refused(String why, BackstoreConfig asked) {
        ConfigException refused = assertThrows(ConfigException.class, () -> await(gateway.create(asked, otherContext)));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
    }

    @Test
    public void undoLeavesWhatWasThereBefore() throws Exception {
        BackstoreConfig taken = await(otherGateway.create(asked(0, false), otherContext));
        await(otherGateway.undoCreate(taken, otherContext));
        assertTrue(CEPH.images().contains(image));
        await(gateway.undoCreate(config, context));
        assertFalse(CEPH.images().contains(image));
    }

    /** Whoever makes it again would find it there, of another size perhaps. */
    @Test
    public void whatWasMadeAndCannotBeLookedAtIsRemoved() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        NewImage images = new NewImage((connection, options) -> {
            if (looks.incrementAndGet() > 1) {
                throw new ConfigException("on purpose");
            }
            return NewImage.find(connection, options);
        });
        BackstoreConfig wanted = asked(SIZE, false, "image", image + "new");
        Libraries.enter();
        try {
            ConfigException failed =
                    assertThrows(ConfigException.class, () -> images.create(wanted, ImageOptions.of(wanted)));
            assertEquals("on purpose", failed.getMessage());
            assertEquals(2, looks.get());
            assertFalse(CEPH.images().contains(image + "new"));
            CEPH.rbd("create", "--size", "64M", image + "new");
            images.undo(wanted, ImageOptions.of(wanted));
        } finally {
            Libraries.leave();
        }
        assertTrue("it is of somebody else", CEPH.images().contains(image + "new"));
    }

    @Test
    public void whatWasMadeAndCannotBeRemovedIsSaid() throws Exception {
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_plugins", "nonsense");
        try {
            refused("; use rbd rm ", asked(SIZE, false, "image", image + "new"));
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_plugins");
        }
        CEPH.rbd("rm", "--no-progress", image + "new");
    }
}
