//! Who plays the receptionist: the rules, a double of a language model behind a real HTTP server, or the models of the
//! settings.

use std::sync::Arc;

use anyhow::{Context, bail};

use super::{
    Arguments, Receptionist, Wire,
    outage::{Outage, Plan},
};
use crate::{
    config::{
        Config, Models, Secret,
        models::{Model, WireFormat},
    },
    domain::{business::Business, report::Price},
    testing::{
        dice::Dice,
        llm::{Brain, hostile::Hostile, sensible::Sensible, server::ModelServer},
    },
};

pub(super) struct Cast {
    models: Models,
    /// The double's, which ends with this.
    server: Option<ModelServer>,
    breaks: bool,
}

impl Cast {
    /// # Errors
    /// When a double cannot listen, or no model is set where those of the settings are asked for.
    pub(super) async fn of(arguments: &Arguments, businesses: Vec<Arc<Business>>) -> anyhow::Result<Self> {
        let brain: Arc<dyn Brain> = match arguments.receptionist {
            Receptionist::Scripted => return Ok(Self { models: Models::default(), server: None, breaks: false }),
            Receptionist::Configured => return Self::configured(arguments),
            Receptionist::Sensible => Arc::new(Sensible::new(businesses)),
            Receptionist::Hostile => Arc::new(Hostile { seed: arguments.seed }),
        };
        let server = ModelServer::start(brain).await;
        let (format, url) = match arguments.wire {
            Wire::Chat => (WireFormat::OpenAi, server.completions_url()),
            Wire::Messages => (WireFormat::Anthropic, server.messages_url()),
        };
        let model = Model {
            name: "double".to_owned(),
            format,
            url,
            model: "double".to_owned(),
            key: Some(Secret::new("the-key-of-a-double")),
            headers: Vec::new(),
            dialect: None,
            extra: serde_json::Map::default(),
            price: Price::default(),
            price_is_a_guess: false,
        };
        let models = Models { order: vec![model], ..Models::default() };
        Ok(Self { models, server: Some(server), breaks: arguments.kill_model })
    }

    fn configured(arguments: &Arguments) -> anyhow::Result<Self> {
        if arguments.kill_model {
            bail!("only the line to a double can be cut (--kill-model)");
        }
        let config = Config::from_process().map_err(|mistakes| {
            let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the settings cannot be used: {}", all.join("; "))
        })?;
        if config.models.order.is_empty() {
            bail!("no language model is set (DESKBELL_MODELS)");
        }
        Ok(Self { models: config.models, server: None, breaks: false })
    }

    /// The models of one call, and the line to them if it is one that breaks.
    pub(super) async fn models(&self, dice: &mut Dice) -> anyhow::Result<(Models, Option<Outage>)> {
        let mut models = self.models.clone();
        let Some(server) = self.server.as_ref().filter(|_| self.breaks) else { return Ok((models, None)) };
        let line = Outage::before(server.address(), Plan::thrown(dice)).await.context("no port is free")?;
        for model in &mut models.order {
            let (there, here) = (server.address().to_string(), line.address().to_string());
            model.url = model.url.replace(&there, &here);
        }
        Ok((models, Some(line)))
    }
}
