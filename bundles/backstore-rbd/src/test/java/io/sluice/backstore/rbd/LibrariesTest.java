package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import org.junit.Test;

/** A host without the libraries of Ceph, or with some that are too old. */
public class LibrariesTest {

    private static void refused(String librados, String librbd) {
        BackstoreException refused = assertThrows(BackstoreException.class, () -> Libraries.enter(librados, librbd));
        assertEquals(Fault.NOT_READY, refused.fault());
        assertTrue(refused.getMessage(), refused.getMessage().contains("install librbd1"));
        assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
    }

    @Test
    public void whatIsNotThereIsSaidAndDoesNoHarm() throws Exception {
        refused("libnothere.so.2", "librbd.so.1");
        refused("librados.so.2", "libnothere.so.1");
        refused("librados.so.2", "libc.so.6");
        Libraries.enter();
        try {
            assertEquals("No such file or directory (2)", Errors.text(Errors.ENOENT));
        } finally {
            Libraries.leave();
        }
    }

    @Test
    public void theyAreThereUntilTheLastHasLeft() throws Exception {
        Libraries.enter();
        Libraries.enter();
        Libraries.leave();
        assertFalse(Errors.text(Errors.EROFS).isEmpty());
        Libraries.leave();
        assertThrows(UnsatisfiedLinkError.class, () -> Errors.text(Errors.EROFS));
    }
}
