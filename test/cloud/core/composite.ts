import type { CloudReply, CloudRequest, ServiceName, VendorService } from './contract';
import type { OAuthServer } from './oauth';

/** A vendor's API and its OAuth pages as one: they share host names, faults and counters. */
export class ServiceWithOAuth implements VendorService {
	readonly hosts: readonly string[];

	constructor(
		private readonly service: VendorService,
		private readonly oauth: OAuthServer,
	) {
		this.hosts = [...new Set([...service.hosts, ...oauth.hosts])];
	}

	get vendor(): ServiceName {
		return this.service.vendor;
	}

	routeOf(method: string, host: string, pathname: string): string | undefined {
		return (
			this.oauth.routeOf(method, host, pathname) ?? this.service.routeOf(method, host, pathname)
		);
	}

	async handle(request: CloudRequest): Promise<CloudReply> {
		const { method, host, pathname } = request;
		const forOAuth = this.oauth.routeOf(method, host, pathname) !== undefined;
		return await (forOAuth ? this.oauth : this.service).handle(request);
	}

	readHeaderArgument(request: CloudRequest): void {
		this.service.readHeaderArgument?.(request);
	}

	serialKeyOf(request: CloudRequest, route: string): string | undefined {
		return this.service.serialKeyOf?.(request, route);
	}

	reset(): void {
		this.service.reset();
	}
}
