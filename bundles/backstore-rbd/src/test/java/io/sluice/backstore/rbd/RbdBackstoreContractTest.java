package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import io.sluice.testkit.ceph.CephCluster;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.ClassRule;

/** What every backstore promises, on a cluster of this machine. */
public class RbdBackstoreContractTest extends BackstoreContractTest {

    @ClassRule
    public static final CephCluster CEPH = new CephCluster(CephCluster.Store.MEMORY);

    private final BackstoreProvider provider = new RbdBackstoreProvider();

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        return Map.of("image", "image" + System.nanoTime(), "conf", CEPH.conf().toString());
    }

    @Override
    protected Set<String> traces() {
        return new TreeSet<>(CEPH.images());
    }
}
