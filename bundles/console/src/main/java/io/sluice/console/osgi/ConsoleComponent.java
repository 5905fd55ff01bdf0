package io.sluice.console.osgi;

import io.sluice.console.Page;
import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Offers the web page to the HTTP server. */
@Component
public final class ConsoleComponent implements HttpResource {

    private final Page page = new Page();

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
