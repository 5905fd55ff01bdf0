package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static io.sluice.backstore.nbd.ScriptedServer.HAS_FLAGS;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.Test;

/** What cannot be is refused with one line. */
public class NbdRefusalTest extends ScriptedFixture {

    @Test
    public void whatCannotBeIsRefusedWithALine() throws Exception {
        for (String uri : List.of(
                "",
                "x",
                "nbd://",
                "http://a/b",
                "nbd+unix:///x",
                "nbd+unix:///?socket=rel",
                "nbd://a:0/",
                "nbd://u@h/x",
                "nbd://h/x?socket=/y",
                "nbd://h/" + "x".repeat(5000),
                "nbd://h:70000/")) {
            options.put("uri", uri);
            String text = assertThrows(uri, ConfigException.class, () -> await(provider.create(config(), context)))
                    .getMessage();
            assertTrue(text, text.contains("nbd://"));
        }
        options.put("uri", "nbd://127.0.0.1:1/x");
        for (String[] option : new String[][] {
            {"connections", "0"}, {"connections", "9"}, {"timeout", "x"}, {"timeout", "26"}, {"ca", "/x"}
        }) {
            options.put(option[0], option[1]);
            String text = assertThrows(ConfigException.class, () -> await(provider.create(config(), context)))
                    .getMessage();
            assertTrue(text, text.contains(option[0]));
            options.remove(option[0]);
        }
        String nobody = assertThrows(ConfigException.class, () -> await(provider.create(config(), context)))
                .getMessage();
        assertTrue(nobody, nobody.contains("nobody answers there"));
    }

    @Test
    public void aReadOnlyExportIsForReadOnlyDisks() throws Exception {
        String text = refused(client -> client.shakeHands(SIZE, HAS_FLAGS | 2, false));
        assertTrue(text, text.contains("--read-only"));
        serve(simple(HAS_FLAGS | 2, new LinkedBlockingQueue<>()));
        BackstoreConfig readOnly = config().toBuilder().readOnly(true).build();
        Backstore store = await(provider.open(await(provider.create(readOnly, context)), context));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals(Fault.WRITE_PROTECTED, fault(store.write(0, block(1), Durability.CACHED)));
    }

    @Test
    public void anExportIsUsedByOneBackstore() throws Exception {
        serve(simple(ALL, new LinkedBlockingQueue<>()));
        Backstore store = open();
        String text = assertThrows(ConfigException.class, () -> await(provider.create(config(), context)))
                .getMessage();
        assertTrue(text, text.contains("in use by backstore disk0"));
        assertEquals(Fault.NOT_READY, fault(provider.open(config(), context)));
        await(store.close());
        await(open().close());
    }
}
