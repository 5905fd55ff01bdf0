package io.sluice.prometheus.osgi;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import io.sluice.metrics.MetricSource;
import io.sluice.prometheus.MetricsPage;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers the page to whoever serves HTTP, with the sources that there are. */
@Component
public final class MetricsComponent implements HttpResource {

    private final Collection<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final MetricsPage page = new MetricsPage(sources);

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(MetricSource source) {
        sources.add(source);
    }

    void removeSource(MetricSource source) {
        sources.remove(source);
    }

    @Override
    public String path() {
        return page.path();
    }

    @Override
    public Optional<Role> role() {
        return page.role();
    }

    @Override
    public HttpAnswer get(HttpRead request) {
        return page.get(request);
    }
}
