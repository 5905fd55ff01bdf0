package com.example.skeleton;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.BackstoreContractTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What Sluice asks of a backstore. */
public class SkeletonContractTest extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final BackstoreProvider provider = new SkeletonProvider();
    private int files;

    @Before
    public void useTheFolder() {
        System.setProperty("sluice.volumes", folder.getRoot().toString());
    }

    @After
    public void forgetTheFolder() {
        System.clearProperty("sluice.volumes");
    }

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    /** Names new storage with each call. */
    @Override
    protected Map<String, String> options() {
        files++;
        return Map.of("path", "disk" + files);
    }

    /** What the provider has made so far. */
    @Override
    protected Set<String> traces() {
        return new TreeSet<>(Set.of(folder.getRoot().list()));
    }

    /** No file can be so large. */
    @Test
    public void whatCannotBeMadeLeavesNothing() {
        BackstoreConfig huge = asked(Long.MAX_VALUE / blockSize * blockSize, options());
        assertThrows(ConfigException.class, () -> await(provider.create(huge, context())));
        assertEquals(Set.of(), traces());
    }
}
