package io.sluice.layer.crypt;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.LayerConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/**
 * Offers layers of the type {@code crypt}: AES-256-XTS (IEEE Std 1619-2018) over units of 512 bytes, whose number from the start
 * of the disk is the tweak. The data key is in a header file of the disk, wrapped under a key that the operator has.
 */
@Component
public final class CryptLayerProvider implements LayerProvider {

    static final String HEADER = "header";

    private static final String DISCARD = "discard";

    private final HeaderFile.Sync folders;
    private final OpenHeaders headers = new OpenHeaders();

    /** For OSGi. */
    public CryptLayerProvider() {
        this(HeaderFile::force);
    }

    /** @param folders makes stable that a header is another one */
    CryptLayerProvider(HeaderFile.Sync folders) {
        this.folders = folders;
    }

    @Override
    public String type() {
        return "crypt";
    }

    @Override
    public String description() {
        return "encrypts the disk with AES-256-XTS, so that its storage has no plain data";
    }

    @Override
    public boolean keepsBlocks() {
        return false;
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption(
                        OperatorKey.FILE,
                        BackstoreOption.Type.SECRET,
                        false,
                        "file with the key, which only its owner can read"),
                new BackstoreOption(
                        OperatorKey.COMMAND, false, "in place of a file: a command for /bin/sh that prints the key"),
                new BackstoreOption(
                        HEADER,
                        false,
                        "file for the wrapped data key, without which all is lost; NAME.crypt among the volumes"
                                + " without it"));
    }

    @Override
    public CompletionStage<Backstore> open(Backstore below, LayerConfig config, BackstoreContext context) {
        CompletionStage<Backstore> opened = context.call(() -> openNow(below, config, context));
        return opened.exceptionallyCompose(failure -> below.close()
                .handle((closed, another) -> failure)
                .thenCompose(CompletableFuture::<Backstore>failedFuture));
    }

    private Backstore openNow(Backstore below, LayerConfig config, BackstoreContext context) throws BackstoreException {
        byte[] operatorKey = OperatorKey.fetch(config, context);
        HeaderFile header = header(config, context.name());
        String format = config.options().get(BackstoreOption.FORMAT.name());
        boolean known = header.exists();
        if (known && DISCARD.equals(format)) {
            throw Keys.refused(header.path() + " is there already, with the key of this disk or another one:"
                    + " move it away, or name another file with header=");
        }
        if (!known && format == null) {
            throw Keys.refused(
                    "header " + header.path() + " of an encrypted disk is not there: put it back from a backup;"
                            + " backstore:layer add makes that of a new disk");
        }
        if (format != null) {
            prepare(new EmptyStore(below), format);
        }
        OpenHeaders.Use keys = headers.open(context.name(), header, !known, operatorKey);
        return new CryptBackstore(below, config, keys, context);
    }

    /** The layer is new on the store: a header that lies there says nothing of what is in it. */
    private static void prepare(EmptyStore store, String format) throws BackstoreException {
        if (DISCARD.equals(format)) {
            store.discard();
        } else {
            store.require();
        }
    }

    private HeaderFile header(LayerConfig config, String name) throws BackstoreException {
        try {
            Path volumes = Path.of(System.getProperty("sluice.volumes", "volumes"));
            return new HeaderFile(volumes.resolve(config.options().getOrDefault(HEADER, name + ".crypt")), folders);
        } catch (InvalidPathException refused) {
            throw Keys.refused("option " + HEADER + " of layer crypt is no path of a file");
        }
    }
}
