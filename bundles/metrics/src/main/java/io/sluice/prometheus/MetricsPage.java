package io.sluice.prometheus;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import io.sluice.metrics.MetricSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /metrics}: what all sources have now, in the text format of Prometheus or in that of OpenMetrics. Any thread may ask. */
public final class MetricsPage implements HttpResource {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);

    private final Collection<MetricSource> sources;
    private final PrometheusRegistry machine = new PrometheusRegistry();
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

    private Look last = new Look(0, null, new WeakReference<>(null));

    /** The content is kept for as long as somebody is being sent it. */
    private record Look(long begun, ExpositionFormatWriter writer, WeakReference<byte[]> content) {}

    /** @param sources who has numbers; asked anew each time */
    public MetricsPage(Collection<MetricSource> sources) {
        this.sources = sources;
        // Those that read what there is. Others would leave a listener behind in the virtual machine when this one
        // goes.
        JvmBufferPoolMetrics.builder().register(machine);
        JvmGarbageCollectorMetrics.builder().register(machine);
        JvmMemoryMetrics.builder().register(machine);
        JvmThreadsMetrics.builder().register(machine);
        ProcessMetrics.builder().register(machine);
    }

    @Override
    public String path() {
        return "/metrics";
    }

    @Override
    public Optional<Role> role() {
        return Optional.of(Role.VIEWER);
    }

    @Override
    public HttpAnswer get(HttpRead request) {
        long asked = System.nanoTime();
        ExpositionFormatWriter writer = writer(request.headers().getOrDefault("accept", ""));
        return HttpAnswer.ok(writer.getContentType(), since(asked, writer));
    }

    /**
     * One look at a time: with thousands of units each takes some ten megabytes while it is made. Who had to wait gets that of
     * another if it was begun after he had asked.
     */
    private synchronized byte[] since(long asked, ExpositionFormatWriter writer) {
        byte[] content = last.content().get();
        if (content == null || last.writer() != writer || last.begun() - asked < 0) {
            long begun = System.nanoTime();
            content = look(writer);
            last = new Look(begun, writer, new WeakReference<>(content));
        }
        return content;
    }

    private byte[] look(ExpositionFormatWriter writer) {
        Scrape scrape = new Scrape();
        List.copyOf(sources).forEach(source -> collect(source, scrape));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, scrape.with(machine.scrape()), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Without the numbers of one that fails, or goes just now, there are those of all others. */
    private static void collect(MetricSource source, Scrape scrape) {
        try {
            source.collect(scrape);
        } catch (RuntimeException | LinkageError failed) {
            LOG.warn("{} has no numbers: {}", source.getClass().getName(), failed.toString(), failed);
        }
    }

    private ExpositionFormatWriter writer(String accept) {
        return openMetrics.accepts(accept) ? openMetrics : text;
    }
}
